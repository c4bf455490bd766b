import type { ConfigFamily } from '../../../../kernel/config-source.ts';

/** A folder that only the organisation can write. */
export interface EnterpriseFolder {
  readonly folder: string;
  readonly family: ConfigFamily;
}

/**
 * Where an organisation puts its configuration: ours first, then Claude Code's. Fixed paths, also on Windows: a variable
 * such as %ProgramFiles% is the user's to change.
 */
export function enterpriseFolders(platform: NodeJS.Platform): readonly EnterpriseFolder[] {
  const [codexplus, claude] = folders.get(platform) ?? ['/etc/codex-plus', '/etc/claude-code'];
  return [
    { folder: codexplus, family: 'codexplus' },
    { folder: claude, family: 'claude' },
  ];
}

const folders = new Map<NodeJS.Platform, readonly [codexplus: string, claude: string]>([
  ['darwin', ['/Library/Application Support/CodexPlus', '/Library/Application Support/ClaudeCode']],
  ['win32', ['C:\\Program Files\\CodexPlus', 'C:\\Program Files\\ClaudeCode']],
]);
