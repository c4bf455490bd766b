import { visibleLine, visibleText } from '../../kernel/visible-text.ts';
import { maskSecrets } from '../../platform/config/scopes/mask-secrets.ts';
import { redact } from '../../platform/telemetry/redact.ts';
import type { Places } from '../config/short-path.ts';
import { sourceText } from '../config/source-text.ts';
import { outcomeLines } from './outcome-lines.ts';
import type { HookTestPlan, SkippedHook, TestedHook } from './test-hooks.ts';

const maxOutput = 2_000;

/** What a test of hooks showed, for people. */
export function hookTestText(
  { event, input, skipped }: HookTestPlan,
  tested: readonly TestedHook[],
  places: Places,
): string {
  const tool = input['tool_name'];
  const what = typeof tool === 'string' ? `${event} of ${visibleLine(tool, 100)}` : event;
  return [
    `${what} in ${visibleLine(places.workspace, 300)}`,
    ...tested.map((hook) => testedText(hook, places)),
    ...(skipped.length === 0
      ? []
      : [`Not run\n${skipped.map((hook) => `  ${headline(hook, places)}: ${hook.reason}`).join('\n')}`]),
  ].join('\n\n');
}

/** The same for programs; what looks like a secret is masked. */
export function hookTestJson({ event, input, skipped }: HookTestPlan, tested: readonly TestedHook[]): object {
  return {
    event,
    input,
    hooks: tested.map(({ number, label, source, trial: { run, end, outcome, later } }) => ({
      number,
      label: redact(label),
      source,
      exitCode: end?.exitCode,
      ending: end?.ending,
      durationMs: run.durationMs,
      outcome: run.outcome,
      error: run.error === undefined ? undefined : redact(run.error),
      stdout: redact(end?.stdout ?? ''),
      stderr: redact(end?.stderr ?? ''),
      result: maskSecrets('', outcome),
      later: maskSecrets('', later),
    })),
    skipped: skipped.map((hook) => ({ ...hook, label: redact(hook.label) })),
  };
}

function testedText({ trial, ...hook }: TestedHook, places: Places): string {
  const { run, end, outcome, later } = trial;
  const ending = end === undefined ? 'ended' : end.summary;
  const said = [
    ...outcomeLines(outcome),
    ...(later?.contexts ?? []).map((text) => ['the model is told later', text] as const),
    ...(later?.messages ?? []).map((text) => ['the user is told later', text] as const),
  ];
  const lines = [
    `${ending} after ${run.durationMs} ms: ${run.outcome}`,
    ...output('stdout', end?.stdout ?? ''),
    ...output('stderr', end?.stderr ?? ''),
    ...said.map(([who, text]) => `${who}: ${shown(text)}`),
    ...(said.length === 0 ? ['nothing comes of it'] : []),
  ];
  return [headline(hook, places), ...lines.map((line) => line.replace(/^(?=.)/gm, '  '))].join('\n');
}

function headline({ number, label, source }: Omit<SkippedHook, 'reason'>, places: Places): string {
  return `${number}  ${visibleLine(redact(label), 80)}  (${sourceText(source, places)})`;
}

function output(name: string, text: string): readonly string[] {
  return text.trim() === '' ? [] : [`${name}: ${shown(text)}`];
}

function shown(text: string): string {
  const clean = visibleText(redact(text)).trimEnd();
  return clean.length > maxOutput ? `${clean.slice(0, maxOutput)}…` : clean;
}
