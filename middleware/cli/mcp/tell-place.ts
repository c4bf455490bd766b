import type { ServerPlace } from '../../features/mcp/edit/server-place.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import type { CliContext } from '../context.ts';

/** Says which file was changed, and which project a part of it is about. */
export function tellPlace({ stdout }: CliContext, { file, project }: ServerPlace): void {
  const about = project === undefined ? '' : ` [project: ${visibleLine(project, 300)}]`;
  stdout.write(`File modified: ${visibleLine(file, 300)}${about}\n`);
}
