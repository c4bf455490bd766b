import { labelOf, type HookEntry } from '../hooks/config/hook-entry.ts';
import { hooksInOrder } from '../hooks/run/hooks-in-order.ts';
import { matcherHint } from '../hooks/config/matcher-hint.ts';
import type { HookRun } from '../hooks/run/hook-runs.ts';
import { needsTrust } from '../trust/needs-trust.ts';
import { maskSecrets } from '../../platform/config/scopes/mask-secrets.ts';
import type { BuiltInContext } from './built-in-context.ts';
import { codeSpan } from './code-markdown.ts';
import { durationText } from './duration-text.ts';
import { editHooks } from './edit-hooks.ts';
import { noProject } from './no-project.ts';
import { sourceMarkdown } from './source-markdown.ts';

const shownRuns = 10;

/**
 * `/hooks`: what is configured, where, whether it may run, and how the last runs ended. `/hooks add` and `/hooks
 * remove` change the settings files.
 */
export async function hooks(args: string, context: BuiltInContext): Promise<string> {
  return args === '' ? listHooks(context) : editHooks(args, context);
}

async function listHooks(context: BuiltInContext): Promise<string> {
  const { snapshot, exchange } = context;
  const { entries, problems } = context.hooks;
  if (snapshot === undefined) return noProject(exchange);
  const lines = await Promise.all(
    hooksInOrder(entries).map(async (entry, index) => ({
      event: entry.event,
      line: `${index + 1}. ${await entryLine(entry, context)}`,
    })),
  );
  const groups = [...Map.groupBy(lines, ({ event }) => event)].map(
    ([event, group]) => `### ${event}\n\n${group.map(({ line }) => line).join('\n')}`,
  );
  const faults = problems.map(
    ({ source, path, reason }) => `- ${sourceMarkdown(source, snapshot)}: ${codeSpan(path)} ${reason}`,
  );
  return [
    ...(entries.length === 0 ? ['No hooks are configured here.'] : ['## Hooks', ...groups]),
    ...section('Left out, because they are broken', faults),
    ...section('Last runs', runLines(context)),
  ]
    .join('\n\n')
    .concat('\n');
}

async function entryLine(entry: HookEntry, { hooks: all, snapshot }: BuiltInContext): Promise<string> {
  const { handler, matcher, condition, timeoutMs, source } = entry;
  const parts = [
    ...(matcher === undefined || matcher === '' ? [] : [`for ${codeSpan(matcher)}`]),
    ...(condition === undefined ? [] : [`if ${codeSpan(condition)}`]),
    `at most ${durationText(timeoutMs)}`,
    ...(entry.async ? ['nothing waits for it'] : []),
    ...(entry.onFailure === 'block' ? ['blocks when it fails'] : []),
    ...(entry.permissions === undefined
      ? []
      : [`declares ${entry.permissions.map((text) => codeSpan(text)).join(' ') || 'nothing'}`]),
  ];
  const kind = handler.kind === 'command' ? '' : `${handler.kind} `;
  const state = await stateOf(entry, all);
  const hint = matcherHint(entry);
  const idle = hint === undefined ? '' : `; its matcher matches nothing: ${codeSpan(hint, 160)}`;
  return `${kind}${shown(labelOf(handler))} ${parts.join(', ')} (${sourceMarkdown(source, snapshot)})${state}${idle}`;
}

async function stateOf(entry: HookEntry, { selected, isTrusted }: BuiltInContext['hooks']): Promise<string> {
  if (!selected.includes(entry)) return ': **switched off** by a setting';
  if (!needsTrust(entry.source)) return '';
  return (await isTrusted(entry)) ? ': trusted' : ': **not trusted**, does not run before you allow it';
}

/** Of the hooks of these files only: the others are no business of who works here. */
function runLines({ hooks: { entries, runs }, now }: BuiltInContext): readonly string[] {
  const files = new Set(entries.map(({ source }) => source.file));
  return runs
    .filter(({ source }) => files.has(source.file))
    .slice(0, shownRuns)
    .map((run) => runLine(run, now().getTime()));
}

function runLine({ event, label, startedAt, durationMs, outcome, error }: HookRun, nowMs: number): string {
  const why = error === undefined ? '' : ` (${shown(error)})`;
  const when = `${durationText(nowMs - startedAt)} ago`;
  return `- ${when}: ${event} ${shown(label)} ended with ${outcome} after ${durationText(durationMs)}${why}`;
}

/** A command or an address may hold a password; word by word, since flags tell of the word behind them. */
function shown(text: string): string {
  const words = maskSecrets('', text.trim().split(/\s+/));
  return codeSpan(Array.isArray(words) ? words.join(' ') : '');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, lines.join('\n')];
}
