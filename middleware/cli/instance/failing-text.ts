import { visibleLine } from '../../kernel/visible-text.ts';
import { counted } from '../output/counted.ts';
import type { Health } from './find-instance.ts';

/** What is known of a model whose last call failed. */
export function failingText({
  status,
  code,
  failures,
  lastAt,
}: NonNullable<Health['failing']>[number]): string {
  const how = status < 400 ? 'a failure inside of its answer' : `status ${status}`;
  const what = code === undefined ? '' : ` (${visibleLine(code, 40)})`;
  return `${counted(failures, 'call')} failed since the last that worked, the last at ${lastAt} with ${how}${what}`;
}
