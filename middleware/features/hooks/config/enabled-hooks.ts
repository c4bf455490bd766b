import type { HookEntry } from './hook-entry.ts';
import { parseHooks, type ParsedHooks } from './parse-hooks.ts';
import { selectHooks, type HookSwitches } from './select-hooks.ts';
import { needsTrust } from '../../trust/needs-trust.ts';
import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';

/** The hooks of all settings files, and those of them that no setting switches off. */
export interface EnabledHooks extends ParsedHooks {
  readonly selected: readonly HookEntry[];
  /** Whether scripts from a source, for every prompt or answer, are switched off as well; no settings file names them. */
  readonly areScriptsOff: (source: Pick<ConfigSource, 'scope'>) => boolean;
}

/** Reads the hooks of a project and its user. */
export function enabledHooks({ settings }: Pick<ProjectSnapshot, 'settings'>): EnabledHooks {
  const { entries, problems } = parseHooks(settings.hooks);
  const off = settings.disableAllHooks;
  // An organisation that switches hooks off means its own as well.
  const isAllOff = off?.value === true && off.source.scope === 'enterprise';
  return {
    entries,
    problems,
    selected: isAllOff
      ? []
      : entries.filter((entry) => selectHooks([entry], switchesOf(settings, entry.source)).length > 0),
    areScriptsOff: (source) => {
      const { areDisabled, onlyManaged } = switchesOf(settings, source);
      return areDisabled || onlyManaged;
    },
  };
}

/** As they hold for the hooks of a source: the files of a project switch off its own, and none of its user's. */
function switchesOf(
  { disableAllHooks: winner, entries }: ProjectSnapshot['settings'],
  source: Pick<ConfigSource, 'scope'>,
): HookSwitches {
  const all = winner === undefined ? [] : [winner, ...winner.overridden];
  const ofUser = all.find((one) => !needsTrust(one.source))?.value === true;
  const ofProject = all.find((one) => needsTrust(one.source))?.value === true;
  const managed = entries.get('allowManagedHooksOnly');
  return {
    areDisabled: ofUser || (ofProject && needsTrust(source)),
    onlyManaged: managed?.kind === 'value' && managed.value === true,
  };
}
