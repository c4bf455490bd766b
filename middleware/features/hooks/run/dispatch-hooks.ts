import { combineDecisions, type FinishedHook, type HookOutcome } from '../answer/combine-decisions.ts';
import type { HookDecision } from '../answer/hook-decision.ts';
import { labelOf, type HookEntry } from '../config/hook-entry.ts';
import type { HookEvent } from '../hook-event.ts';
import type { HookEffects } from '../hook-effects.ts';
import type { HookRun } from './hook-runs.ts';
import { contextText, systemMessageText } from '../answer/hook-wording.ts';
import { matchHooks } from '../config/match-hooks.ts';
import { parseOutput, type HookEnd } from '../answer/parse-output.ts';
import { parseVerdict } from '../answer/parse-verdict.ts';
import { runHandler, type HandlerInvocation } from './run-handler.ts';
import { fitForModel } from '../answer/text-for-model.ts';
import { failedEnd, reasonOf } from '../answer/within-time.ts';

export interface HookInvocation extends Omit<HandlerInvocation, 'env' | 'checked'> {
  /** The whole environment of a hook; see `hookEnvironment`. */
  readonly envOf: (entry: HookEntry) => HandlerInvocation['env'];
  readonly checkedOf: (entry: HookEntry) => HandlerInvocation['checked'];
  /** Whether the tool call matches a permission rule. */
  readonly fits: (rule: string) => boolean;
  /** Gets what a hook in the background has to say, when it ends. */
  readonly onLater: (words: LaterWords) => void;
}

/** What a hook in the background says: for the model in the next request, and for the user. */
export interface LaterWords {
  readonly contexts: readonly string[];
  readonly messages: readonly string[];
}

export interface DispatchParts extends HookEffects {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onRun: (run: HookRun) => void;
}

/**
 * Runs all hooks that match, in parallel and each command once, and tells what they came to; never rejects. Where a
 * refusal ends the matter it is told at once, and slower hooks go on unheard.
 */
export async function dispatchHooks(
  entries: readonly HookEntry[],
  invocation: HookInvocation,
  parts: DispatchParts,
): Promise<HookOutcome> {
  const { input, fits } = invocation;
  const finished: FinishedHook[] = [];
  const refused = Promise.withResolvers<undefined>();
  const runs = onceEach(matchHooks(entries, input, fits)).map(async (entry) => {
    const decision = await runHook(entry, invocation, parts);
    finished.push({ label: labelOf(entry.handler), decision });
    if (endsTheMatter(entry.event, decision)) refused.resolve(undefined);
  });
  await Promise.race([Promise.all(runs), refused.promise]);
  return combineDecisions(input, finished);
}

/** An identical command runs once, also when several files or matchers name it. */
function onceEach(entries: readonly HookEntry[]): readonly HookEntry[] {
  const byIdentity = Map.groupBy(entries, ({ handler }) => JSON.stringify(handler));
  return [...byIdentity.values()].flatMap((same) => same.slice(0, 1));
}

const canBeRefused: readonly HookEvent[] = [
  'PreToolUse',
  'UserPromptSubmit',
  'UserPromptExpansion',
  'PreCompact',
];

function endsTheMatter(event: HookEvent, decision: HookDecision): boolean {
  return canBeRefused.includes(event) && refuses(decision);
}

function refuses({ block, permission }: HookDecision): boolean {
  return block !== undefined || permission?.behavior === 'deny';
}

async function runHook(
  entry: HookEntry,
  hookOccasion: HookInvocation,
  parts: DispatchParts,
): Promise<HookDecision> {
  const { envOf, checkedOf } = hookOccasion;
  const invocation = { ...hookOccasion, env: envOf(entry), checked: checkedOf(entry) };
  const startedAt = parts.now();
  const conclude = async (end: HookEnd, isHeard: boolean): Promise<HookDecision> => {
    const hook = { event: entry.event, label: labelOf(entry.handler), onFailure: entry.onFailure };
    const { kind } = entry.handler;
    const isJudged = kind === 'prompt' || kind === 'agent';
    const decided = isJudged ? parseVerdict({ ...hook, kind }, end) : parseOutput(hook, end);
    const decision = await fitForModel(decided, parts.persist);
    parts.onRun({
      event: entry.event,
      label: hook.label,
      source: entry.source,
      startedAt,
      durationMs: parts.now() - startedAt,
      outcome: isHeard && refuses(decision) ? 'blocked' : decision.outcome,
      error: decision.error,
    });
    return decision;
  };
  const concludeLater = (ended: Promise<HookEnd>): void => {
    ended
      .catch(notRun)
      .then(async (end) => {
        sayLater(invocation, await conclude(end, false));
      })
      // The hook has run; what failed is what tells of it.
      .catch(() => undefined);
  };
  if (entry.async) {
    concludeLater(runToEnd(entry, invocation, parts));
    return notAwaited;
  }
  const result = await runHandler(entry, invocation, parts).catch(
    (error: unknown) => ({ kind: 'ended', end: notRun(error) }) as const,
  );
  if (result.kind === 'ended') return conclude(result.end, true);
  concludeLater(result.ended);
  return notAwaited;
}

/** A hook that could not be run, for a reason of ours, has failed like any other. */
function notRun(error: unknown): HookEnd {
  return failedEnd('not-started', reasonOf(error));
}

const notAwaited: HookDecision = { outcome: 'success' };

/** Runs a hook that nothing waits for, whatever becomes of the exchange. */
async function runToEnd(
  entry: HookEntry,
  invocation: HandlerInvocation,
  parts: DispatchParts,
): Promise<HookEnd> {
  const result = await runHandler(entry, { ...invocation, signal: new AbortController().signal }, parts);
  return result.kind === 'ended' ? result.end : result.ended;
}

/** It is too late for a decision, and its exit code does not matter. */
function sayLater(
  { input, onLater }: HookInvocation,
  { additionalContext, systemMessage }: HookDecision,
): void {
  if (additionalContext === undefined && systemMessage === undefined) return;
  onLater({
    contexts: additionalContext === undefined ? [] : [contextText(input, additionalContext)],
    messages: systemMessage === undefined ? [] : [systemMessageText(input, systemMessage)],
  });
}
