import { parseJsonObject } from '../../../kernel/json-object.ts';
import { checkAnswer, type HookAnswer, type SpecificAnswer } from './check-answer.ts';
import type { HookBlock, HookDecision, ToolPermission } from './hook-decision.ts';
import { rulesOf, type EventRules, type HookEvent } from '../hook-event.ts';

/** How a hook ended, whatever kind it is. */
export interface HookEnd {
  readonly ending: 'exited' | 'killed' | 'timed-out' | 'aborted' | 'flooded' | 'not-started';
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether stdout was longer than what was kept. */
  readonly isCut: boolean;
  /** How it ended, as the end of a sentence: `ended with exit code 3`. */
  readonly summary: string;
}

/** What a hook is, as far as its decision depends on it. */
export interface HookNature {
  readonly event: HookEvent;
  /** What names it in messages: the command. */
  readonly label: string;
  readonly onFailure: 'block' | 'report';
}

/**
 * Turns how a hook ended into what it decided. A whole stdout that is one JSON object is its answer, whatever the exit
 * code; other text is plain. Exit code 2 blocks, any other failure is only reported unless the hook has
 * `onFailure: "block"`. What the event cannot do is left out.
 *
 * Exit code 2 blocks also beside an answer that does not, or that is void: whoever writes it means it.
 */
export function parseOutput(hook: HookNature, end: HookEnd): HookDecision {
  const rules = rulesOf(hook.event);
  const read = readAnswer(hook.event, end);
  const answer = read.kind === 'answer' ? read.answer : {};
  const error = errorOf(end, read, rules);
  const block = rules.blocks
    ? (answeredBlock(hook, answer) ?? exitBlock(hook, end) ?? failureBlock(hook, end, read, error))
    : undefined;
  return {
    outcome: outcomeOf(end, read),
    ...(error !== undefined && block === undefined && { error }),
    ...(hook.event === 'PreToolUse' ? permissionOf(answer, block) : block !== undefined && { block }),
    ...fieldsOf(answer, rules),
    ...(block === undefined && textOf(rules, end, read)),
  };
}

type ReadAnswer =
  | { readonly kind: 'answer'; readonly answer: HookAnswer }
  | { readonly kind: 'void'; readonly fault: string }
  | { readonly kind: 'text' };

function readAnswer(event: HookEvent, end: HookEnd): ReadAnswer {
  const stdout = end.stdout.trim();
  const hasEnded = end.ending === 'exited' || end.ending === 'killed';
  if (!hasEnded || !stdout.startsWith('{')) return { kind: 'text' };
  // Its end is missing, so nothing can tell what it meant; as plain text a denial would be lost without a word.
  if (end.isCut) return { kind: 'void', fault: 'it is longer than the limit for output' };
  const value = parseJsonObject(stdout);
  return value === undefined ? { kind: 'text' } : checkAnswer(event, value);
}

function outcomeOf({ ending, exitCode }: HookEnd, read: ReadAnswer): HookDecision['outcome'] {
  if (ending === 'timed-out' || ending === 'aborted') return 'cancelled';
  return exitCode === 0 && ending === 'exited' && read.kind !== 'void' ? 'success' : 'error';
}

function errorOf(end: HookEnd, read: ReadAnswer, rules: EventRules): string | undefined {
  if (end.ending === 'exited' && end.exitCode === 0) {
    return read.kind === 'void' ? `its JSON answer is not valid: ${read.fault}` : undefined;
  }
  // Where nothing can be blocked, the reason for a block is at least reported.
  const unheard = read.kind === 'answer' && !rules.blocks ? read.answer.reason : undefined;
  const said = unheard ?? end.stderr.trim();
  return said === '' ? end.summary : said;
}

function answeredBlock(hook: HookNature, { decision, reason }: HookAnswer): HookBlock | undefined {
  if (decision !== 'block') return undefined;
  if (hook.event !== 'PreCompact') return { reason: reason ?? blockedByHook, cause: 'answer' };
  const name = `[${hook.label}]`;
  return { reason: reason === undefined ? name : `${name}: ${reason}`, cause: 'answer' };
}

function exitBlock({ label }: HookNature, end: HookEnd): HookBlock | undefined {
  if (end.ending !== 'exited' || end.exitCode !== 2) return undefined;
  const said = end.stderr.trim() === '' ? 'No stderr output' : end.stderr;
  return { reason: `[${label}]: ${said}`, cause: 'exit-code' };
}

/** An answer is no failure, whatever the exit code. */
function failureBlock(
  hook: HookNature,
  end: HookEnd,
  read: ReadAnswer,
  error: string | undefined,
): HookBlock | undefined {
  if (hook.onFailure !== 'block' || error === undefined || read.kind === 'answer') return undefined;
  // Whoever aborted does not wait for a decision any more.
  return end.ending === 'aborted' ? undefined : { reason: `[${hook.label}]: ${error}`, cause: 'failure' };
}

const blockedByHook = 'Blocked by hook';

/** The strictest of what the answer and the exit code say. */
function permissionOf(answer: HookAnswer, block: HookBlock | undefined): { permission?: ToolPermission } {
  const specific = answer.hookSpecificOutput ?? {};
  const behavior = specific.permissionDecision;
  const reason = specific.permissionDecisionReason ?? answer.reason;
  if (behavior === 'deny') return { permission: { behavior, reason: reason ?? blockedByHook } };
  if (block !== undefined) return { permission: { behavior: 'deny', reason: block.reason } };
  if (behavior !== undefined) return { permission: { behavior, ...(reason !== undefined && { reason }) } };
  if (answer.decision !== 'approve') return {};
  return { permission: { behavior: 'allow', ...(reason !== undefined && { reason }) } };
}

function fieldsOf(answer: HookAnswer, rules: EventRules): Partial<HookDecision> {
  const { systemMessage, suppressOutput, stopReason, hookSpecificOutput: specific = {} } = answer;
  const stops = rules.stops && answer.continue === false;
  return {
    ...(stops && { stop: stopReason === undefined ? {} : { reason: stopReason } }),
    ...(systemMessage !== undefined && { systemMessage }),
    ...(suppressOutput !== undefined && { suppressOutput }),
    ...(specific.decision !== undefined && { permissionAnswer: specific.decision }),
    ...otherFields(specific),
  };
}

const saidElsewhere: readonly string[] = ['permissionDecision', 'permissionDecisionReason', 'decision'];

function otherFields(specific: SpecificAnswer): Partial<HookDecision> {
  return Object.fromEntries(Object.entries(specific).filter(([name]) => !saidElsewhere.includes(name)));
}

/** Plain text for the model or the compaction; the latter takes an answer that does not block as text, too. */
function textOf(rules: EventRules, end: HookEnd, read: ReadAnswer): Partial<HookDecision> {
  const text = end.stdout.trim();
  if (end.ending !== 'exited' || end.exitCode !== 0 || text === '' || read.kind === 'void') return {};
  if (rules.text === 'instructions') return { instructions: text };
  return rules.text === 'context' && read.kind === 'text' ? { text } : {};
}
