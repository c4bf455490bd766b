import { createHash } from 'node:crypto';
import type { Environment } from '../environment.ts';
import type { IgnoredSetting, SettingsLayer } from './apply-policy.ts';
import type { CommandFolder } from './folders/command-folders.ts';
import type { ConfigProblem } from './files/config-problem.ts';
import { mergeMcpServers, type McpLayer, type McpServer } from './merge-mcp-servers.ts';
import { mergeSettings, type MergedSettings } from './merge-settings.ts';

/** All that is configured for somebody who works in a folder. Never changes: a change makes another one. */
export interface ProjectSnapshot {
  readonly workspace: string;
  readonly home: string;
  readonly settings: MergedSettings;
  /** By name; those of project files are not approved by being here. */
  readonly mcpServers: ReadonlyMap<string, McpServer>;
  /** Those that exist, in the order in which the first of one name wins. */
  readonly commandFolders: readonly CommandFolder[];
  /** What is broken. Whoever wants to refuse while an organisation's file is broken finds it by its scope. */
  readonly problems: readonly ConfigProblem[];
  /** What policy takes away, of settings and of servers. */
  readonly ignored: readonly IgnoredSetting[];
  /** Another one for every other content. */
  readonly version: string;
}

/** What was read for a workspace, before it is merged. */
export interface ProjectFindings {
  readonly workspace: string;
  readonly home: string;
  /** The strongest first, here and below. */
  readonly settings: readonly SettingsLayer[];
  readonly mcpServers: readonly McpLayer[];
  readonly commandFolders: readonly CommandFolder[];
  readonly problems: readonly ConfigProblem[];
}

/** The version of what was read: another one for every other content. */
export function versionOf(findings: ProjectFindings): string {
  return createHash('sha256').update(JSON.stringify(findings)).digest('hex').slice(0, 32);
}

/** Merges what was read into a snapshot. */
export function makeSnapshot(findings: ProjectFindings, version: string, env: Environment): ProjectSnapshot {
  const { workspace, home, commandFolders, problems } = findings;
  const settings = mergeSettings(findings.settings, env);
  const { servers, refused } = mergeMcpServers(findings.mcpServers, settings, env);
  return {
    workspace,
    home,
    settings,
    mcpServers: servers,
    commandFolders,
    problems,
    ignored: [...settings.ignored, ...refused],
    version,
  };
}
