import type { HookEntry } from '../../features/hooks/hook-entry.ts';
import { parseHooks, type ParsedHooks } from '../../features/hooks/parse-hooks.ts';
import { selectHooks, type HookSwitches } from '../../features/hooks/select-hooks.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';

/** The hooks of all settings files, and those of them that no setting switches off. */
export interface EnabledHooks extends ParsedHooks {
  readonly selected: readonly HookEntry[];
  /** Whether scripts for every prompt or answer, which no settings file names, are switched off as well. */
  readonly areScriptsOff: boolean;
}

/** Reads the hooks of a project and its user. */
export function enabledHooks({ settings }: Pick<ProjectSnapshot, 'settings'>): EnabledHooks {
  const { entries, problems } = parseHooks(settings.hooks);
  const off = settings.disableAllHooks;
  const switches = switchesOf(settings);
  // An organisation that switches hooks off means its own as well.
  const isAllOff = off?.value === true && off.source.scope === 'enterprise';
  return {
    entries,
    problems,
    selected: isAllOff ? [] : selectHooks(entries, switches),
    areScriptsOff: switches.areDisabled || switches.onlyManaged,
  };
}

function switchesOf({ disableAllHooks, entries }: ProjectSnapshot['settings']): HookSwitches {
  const managed = entries.get('allowManagedHooksOnly');
  return {
    areDisabled: disableAllHooks?.value === true,
    onlyManaged: managed?.kind === 'value' && managed.value === true,
  };
}
