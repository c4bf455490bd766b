import { maskSecrets } from '../../platform/config/scopes/mask-secrets.ts';
import type { HookList } from './list-hooks.ts';

/** The hooks for programs, secrets masked. */
export function hookListJson(workspace: string, { hooks, scripts, problems }: HookList): object {
  return {
    workspace,
    hooks: hooks.map(({ number, entry, trust, isDisabled }) => {
      const handler = maskSecrets('', entry.handler);
      return { number, ...entry, handler, trust, isDisabled };
    }),
    scripts,
    problems,
  };
}
