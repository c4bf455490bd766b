import { visibleLine } from '../../../kernel/visible-text.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { codeSpan } from '../code-markdown.ts';

const maxNames = 20;
const maxName = 100;

/** A sentence with the names that may stand behind a command, for whoever named none of them; empty where there are none. */
export function serverNames(
  { mcpServers }: Pick<ProjectSnapshot, 'mcpServers'>,
  counts: (entry: unknown) => boolean = () => true,
): string {
  const names = [...mcpServers].flatMap(([name, { value }]) => (counts(value) ? [name] : []));
  if (names.length === 0) return '';
  const shown = names.slice(0, maxNames).map((name) => codeSpan(visibleLine(name, maxName)));
  const more = names.length > maxNames ? [`${names.length - maxNames} more`] : [];
  return ` NAME is one of ${[...shown, ...more].join(', ')}.`;
}
