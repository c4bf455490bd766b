import type { Allowance } from './allowance.ts';
import type { ActiveRule } from './rules/rule-syntax.ts';

/** What there is to know of one call before rules are asked. */
export interface Examination {
  /** Whether a rule that denies or asks is about the call, given that it is not about the whole tool. */
  readonly isTouchedBy: (active: ActiveRule) => boolean;
  /** Why it cannot be told whether one of these rules, which deny or ask, is about the call. */
  readonly doubt: (active: readonly ActiveRule[]) => string | undefined;
  readonly allowance: (allowRules: readonly ActiveRule[]) => Allowance;
  /** Whether it is known to change files. */
  readonly changesFiles: boolean;
  /** Why it may change files all the same: something in it cannot be read. */
  readonly hiddenChange?: string | undefined;
  readonly deniedReason: (active: ActiveRule) => string;
  readonly askedReason: string;
}
