import { visibleLine } from '../../kernel/visible-text.ts';
import { CliError } from '../cli-error.ts';

/** Nothing has a server of this name: nothing at all, or nothing in one place. */
export function noServerNamed(name: string, where = ''): CliError {
  const shown = visibleLine(name, 100);
  return new CliError(
    `No MCP server named "${shown}"${where}. Run \`codex-plus mcp list\` to see those there are.`,
  );
}
