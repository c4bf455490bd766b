import { visibleLine, visibleText } from '../../kernel/visible-text.ts';
import { originText, type AnyRow, type ConfigView } from './config-view.ts';
import { isBelow, type FoundSetting } from './find-setting.ts';
import { problemText } from './problem-text.ts';
import { sourceText } from './source-text.ts';

/** What explains a key besides its values: what was taken away from it, and what is broken in it. */
export function notesOn(
  key: string,
  { ignored, problems }: ConfigView,
): Pick<ConfigView, 'ignored' | 'problems'> {
  const isOn = (path: string): boolean => path === key || isBelow(path, key) || isBelow(key, path);
  return {
    ignored: ignored.filter((setting) => isOn(setting.key)),
    problems: problems.filter(({ path }) => path !== '' && isOn(path)),
  };
}

/** A key explained for people: each value in full, where it comes from, and what would count without it. */
export function explainText(key: string, { kind, rows }: FoundSetting, view: ConfigView): string {
  const { ignored, problems } = notesOn(key, view);
  return [
    ...rows.map((row) => rowText(row, view)),
    ...(kind === 'list' ? ['The entries of all files count.'] : []),
    ...ignored.map(
      (setting) =>
        `does not count: ${visibleLine(setting.key, 200)} of ${sourceText(setting.source, view)}: ${setting.reason}`,
    ),
    ...problems.map((problem) => `broken: ${problemText(problem, view)}`),
  ].join('\n');
}

function rowText({ key, value, source, overridden }: AnyRow, view: ConfigView): string {
  return [
    `${visibleLine(key, 200)} = ${jsonText(value)}`,
    `  from ${originText(source, view)}`,
    ...overridden.map((other) => `  over ${jsonText(other.value)} from ${originText(other.source, view)}`),
  ].join('\n');
}

function jsonText(value: unknown): string {
  return visibleText(JSON.stringify(value, null, 2)).replaceAll('\n', '\n  ');
}
