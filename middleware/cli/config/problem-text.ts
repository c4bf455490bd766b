import { visibleLine } from '../../kernel/visible-text.ts';
import type { ConfigProblem } from '../../platform/config/scopes/files/config-problem.ts';
import { shortPath, type Places } from './short-path.ts';

/** A fault of a file in one line: the place, what is wrong there, and whether the rest of the file counts. */
export function problemText(problem: ConfigProblem, places: Places): string {
  const { file, line, column, path, reason, leftOut } = problem;
  const place = [shortPath(file, places), line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(':');
  const what = path === '' ? '' : `${visibleLine(path, 200)}: `;
  const loss = leftOut === 'file' ? '; nothing of this file counts' : '';
  return `${place}: ${what}${visibleLine(reason, 500)}${loss}`;
}
