import { parseHooks, type ParsedHooks } from '../../features/hooks/parse-hooks.ts';
import type { HookEntry } from '../../features/hooks/hook-entry.ts';
import { selectHooks } from '../../features/hooks/select-hooks.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';

/** The hooks of all settings files, and those of them that no setting switches off. */
export interface EnabledHooks extends ParsedHooks {
  readonly selected: readonly HookEntry[];
}

/** Reads the hooks of a project and its user. */
export function enabledHooks({ settings }: ProjectSnapshot): EnabledHooks {
  const parsed = parseHooks(settings.hooks.map(({ value, source }) => ({ value, source })));
  const off = settings.disableAllHooks;
  const areDisabled = off?.value === true;
  // An organisation that switches hooks off means its own as well.
  const selected =
    areDisabled && off.source.scope === 'enterprise'
      ? []
      : selectHooks(parsed.entries, { areDisabled, onlyManaged: false });
  return { ...parsed, selected };
}
