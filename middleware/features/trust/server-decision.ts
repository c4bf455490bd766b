import { needsTrust } from './needs-trust.ts';
import type { MergedSettings } from '../../platform/config/scopes/merge-settings.ts';

/** Whether a list of names in the settings, of whatever scope, switches a server off. */
export function isSwitchedOff(
  name: string,
  { disabledMcpjsonServers }: Pick<MergedSettings, 'disabledMcpjsonServers'>,
): boolean {
  return disabledMcpjsonServers.some(({ value }) => value === name);
}

/**
 * What the settings say of a project's MCP server; `undefined` where somebody has to be asked. Everybody may switch a server
 * off; only what is not of a project switches one on.
 */
export function serverDecision(name: string, settings: MergedSettings): 'allowed' | 'denied' | undefined {
  const { enableAllProjectMcpServers: all, enabledMcpjsonServers } = settings;
  if (isSwitchedOff(name, settings)) return 'denied';
  const isNamed = enabledMcpjsonServers.some(({ value, source }) => value === name && !needsTrust(source));
  const ofOthers =
    all === undefined ? [] : [all, ...all.overridden].filter(({ source }) => !needsTrust(source));
  return isNamed || ofOthers[0]?.value === true ? 'allowed' : undefined;
}
