import { visibleLine } from '../../kernel/visible-text.ts';
import type { ConfigFault } from '../../platform/config/config-error.ts';
import { table } from '../print.ts';
import { originText, type AnyRow, type ConfigView } from './config-view.ts';
import { problemText } from './problem-text.ts';
import { shortPath, type Places } from './short-path.ts';
import { sourceText } from './source-text.ts';

const maxValue = 60;

/** The merged view for people: what is broken first, then each value with its source and what it overrode. */
export function listText(view: ConfigView): string {
  const { workspace, problems, idleRules, settings, ignored, middleware } = view;
  const faults = middleware.faults.map((fault) => faultText(fault, view));
  const sections = [
    section('Problems', [...problems.map((problem) => problemText(problem, view)), ...faults].join('\n')),
    section(
      'Rules that match nothing',
      idleRules
        .map(
          ({ rule, reason }) =>
            `${rule.behavior} ${visibleLine(rule.text, maxValue)} (${sourceText(rule.source, view)}): ${visibleLine(reason, 200)}`,
        )
        .join('\n'),
    ),
    section(
      `Settings for ${visibleLine(workspace, 300)}`,
      table(settings.map((row) => columns(row, view))) || 'none',
    ),
    section(
      'What does not count',
      table(
        ignored.map(({ key, source, reason }) => [
          visibleLine(key, maxValue),
          sourceText(source, view),
          reason,
        ]),
      ),
    ),
    section(
      `The middleware itself (${shortPath(middleware.file, view)})`,
      table(middleware.rows.map((row) => columns(row, view))),
    ),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

/** A fault of the middleware's own configuration, with which it does not start. */
function faultText({ source, path, reason }: ConfigFault, places: Places): string {
  const place = source === 'environment' ? source : shortPath(source, places);
  return `${place}: ${path === '' ? '' : `${path}: `}${reason}; the middleware does not start with it`;
}

function columns(row: AnyRow, places: Places): readonly string[] {
  const over = row.overridden
    .map(({ value, source }) => `${valueText(value)} (${originText(source, places)})`)
    .join(', ');
  return [
    visibleLine(row.key, maxValue),
    valueText(row.value),
    placeText(row.source, places),
    over === '' ? '' : `over ${over}`,
  ];
}

/** Which file the middleware's own is stands above all of its values. */
function placeText(source: AnyRow['source'], places: Places): string {
  return 'kind' in source && source.kind === 'file' ? 'file' : originText(source, places);
}

function valueText(value: unknown): string {
  return visibleLine(JSON.stringify(value), maxValue);
}

function section(title: string, text: string): string {
  return text === '' ? '' : `${title}\n${text.replace(/^/gm, '  ')}`;
}
