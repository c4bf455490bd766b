import type { PermissionRule } from '../../kernel/permission-rule.ts';

/** Whether a call, or a part of one, may go ahead without a question. */
export type Allowance =
  | { readonly allowed: true; readonly rule?: PermissionRule }
  | { readonly allowed: false; readonly reason: string };
