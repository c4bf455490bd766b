import { needsTrust } from './needs-trust.ts';
import type { MergedSettings } from '../../platform/config/scopes/merge-settings.ts';

/**
 * What the settings say of a project's MCP server; `undefined` where somebody has to be asked. Everybody may switch a server
 * off; only what is not of a project switches one on.
 */
export function serverDecision(
  name: string,
  { enableAllProjectMcpServers: all, enabledMcpjsonServers, disabledMcpjsonServers }: MergedSettings,
): 'allowed' | 'denied' | undefined {
  if (disabledMcpjsonServers.some(({ value }) => value === name)) return 'denied';
  const isNamed = enabledMcpjsonServers.some(({ value, source }) => value === name && !needsTrust(source));
  const ofOthers =
    all === undefined ? [] : [all, ...all.overridden].filter(({ source }) => !needsTrust(source));
  return isNamed || ofOthers[0]?.value === true ? 'allowed' : undefined;
}
