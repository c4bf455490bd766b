import { labelOf } from '../../features/hooks/config/hook-entry.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { redact } from '../../platform/telemetry/redact.ts';
import { shortPath, type Places } from '../config/short-path.ts';
import { sourceText } from '../config/source-text.ts';
import { table } from '../print.ts';
import { trustTexts } from '../trust/trust-state.ts';
import { matcherHint } from '../../features/hooks/config/matcher-hint.ts';
import type { HookList, ListedHook } from './list-hooks.ts';

/** The hooks for people: what is broken first, then by event. */
export function hookListText({ hooks, scripts, problems }: HookList, places: Places): string {
  const byEvent = Map.groupBy(hooks, ({ entry }) => entry.event);
  const sections = [
    section(
      'Left out, because they are broken',
      problems.map(({ source, path, reason }) => [
        `${shortPath(source.file, places)}: ${visibleLine(path, 200)} ${visibleLine(reason, 200)}`,
      ]),
    ),
    ...[...byEvent].map(([event, listed]) =>
      section(
        event,
        listed.map((hook) => columns(hook, places)),
      ),
    ),
    section(
      'Scripts for every prompt or answer',
      scripts.map(({ slot, path, source, trust }) => [
        slot,
        `${source.scope} ${shortPath(path, places)}`,
        trustTexts[trust],
      ]),
    ),
  ].filter((text) => text !== '');
  return sections.length === 0 ? 'no hooks are configured here' : sections.join('\n\n');
}

function columns({ number, entry, trust, isDisabled }: ListedHook, places: Places): readonly string[] {
  const { handler, matcher, condition, timeoutMs, source } = entry;
  const of = matcher === undefined || matcher === '' ? '*' : visibleLine(matcher, 40);
  const kind = handler.kind === 'command' ? '' : `${handler.kind} `;
  const hint = matcherHint(entry);
  return [
    String(number),
    condition === undefined ? of : `${of} if ${visibleLine(condition, 40)}`,
    `${kind}${visibleLine(redact(labelOf(handler)), 60)}`,
    `${timeoutMs / 1000} s`,
    sourceText(source, places),
    isDisabled ? 'switched off by a setting' : trustTexts[trust],
    ...(hint === undefined ? [] : [`its matcher matches nothing: ${visibleLine(hint, 160)}`]),
  ];
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : `${title}\n${table(rows).replace(/^/gm, '  ')}`;
}
