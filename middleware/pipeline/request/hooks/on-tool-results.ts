import { resolve } from 'node:path';
import { addAll } from '../../../kernel/bounds/add-all.ts';
import type { HookOutcome } from '../../../features/hooks/answer/combine-decisions.ts';
import { finishedUse, type FinishedUse } from '../../../features/hooks/finished-use.ts';
import type { AnsweredUse } from '../../../features/hooks/hook-event-fields.ts';
import type { Api } from '../../../kernel/exchange.ts';
import type { Reply } from '../../../kernel/reply.ts';
import { codecOf } from '../../../protocol/apis/codec-of.ts';
import type { Conversation } from '../../../protocol/conversation/conversation.ts';
import { parseCodexOutput } from '../../../protocol/codex/codex-output.ts';
import { claudeUsesOf } from '../../../protocol/claude-tools/claude-tool.ts';
import { newToolOutputs, type ToolOutput } from '../../../protocol/conversation/tool-outputs.ts';
import { takeCovered } from '../../hooks/covered-uses.ts';
import { batchKey, turnKey, type HookPlace } from '../../../features/hooks/sessions/hook-place.ts';
import type { Edit } from '../../../features/sessions/ledger.ts';
import { oneAtATime } from '../../../features/sessions/one-at-a-time.ts';
import { itemKey } from '../../../protocol/conversation/item-key.ts';
import { digest } from '../../../protocol/conversation/said-key.ts';
import type { HookSession } from '../../../features/hooks/sessions/hook-sessions.ts';
import type { HookTurn } from '../../hooks/hook-turn.ts';
import type { RunHooks } from '../../hooks/hook-runner.ts';
import { takeContexts, takeStop } from '../../../features/hooks/sessions/take-kept.ts';
import { mayHearOutputs } from './may-hear-outputs.ts';
import { noteStart, startContexts } from './start-contexts.ts';
import { updatedOutputOf } from '../../hooks/updated-output.ts';
import type { ClaudeToolUse } from '../../../protocol/claude-tools/tool-mapping.ts';

/**
 * Runs the hooks on tool outputs that no hook has heard of yet. What they say to the model stands behind the last
 * of the outputs, and an output that they change is the changed one to the model, in every later request. A hook
 * that ends the turn does so here: its reason is the answer. A request that is sent again waits for what they say
 * to the first; what its client left half heard is heard again.
 */
export async function onToolResults(turn: HookTurn, run: RunHooks): Promise<Reply | undefined> {
  const { place } = turn;
  if (!mayHearOutputs(place)) {
    noteStart(place.session);
    return undefined;
  }
  const outputs = keyedOutputs(turn);
  const last = outputs.at(-1);
  if (last === undefined) return undefined;
  const start = (): Promise<readonly string[]> => startContexts(turn, run).then(({ contexts }) => contexts);
  const stop = await oneAtATime(place.session.hearing, keysOf(outputs), () =>
    hear(turn, { outputs, last, start }, run),
  );
  return stop === undefined ? undefined : turn.answer(stop);
}

/**
 * Tells hooks of outputs that Codex's own hooks left to the next request, where that one is about something else: a new
 * prompt, or a compaction. A word to end their turn comes too late then.
 */
export async function onLeftOutputs(turn: HookTurn, run: RunHooks): Promise<void> {
  const { session } = turn.place;
  const { left, hearing } = session;
  if (left.totalSize === 0) return;
  const outputs = keyedOutputs(turn).filter((output) => left.has(output.callId) && !isHeard(output, session));
  const last = outputs.at(-1);
  if (last === undefined) return;
  const start = (): Promise<readonly string[]> => Promise.resolve([]);
  await oneAtATime(hearing, keysOf(outputs), () => hear(turn, { outputs, last, start }, run));
}

/** An output, and what names it in its conversation: its call may have the id of another one. */
interface KeyedOutput extends ToolOutput {
  readonly key: string;
  /** The key of the item that holds it. */
  readonly at: string;
}

/**
 * Named by the call, what is said of it, and how often its id had an output before: a provider may count its calls anew.
 * Not by the place, which is another one where a client sends more or less in front of it.
 */
function keyedOutputs({ conversation, exchange, place }: HookTurn): readonly KeyedOutput[] {
  const { api } = exchange.request;
  const outputs = newToolOutputs(conversation, api, place.session.calls);
  const [first] = outputs;
  if (first === undefined) return [];
  const times = outputsBefore(first.index, conversation, api);
  return outputs.map((output) => {
    const { callId, call, text } = output;
    const before = times.get(callId) ?? 0;
    times.set(callId, before + 1);
    const said = digest(JSON.stringify([call.name, call.input, text]));
    const at = itemKey(conversation, output.index);
    return { ...output, at, key: `post ${turnKey(place)} ${before} ${said} ${callId}` };
  });
}

/** How many outputs the calls of each id have in front of an item. */
function outputsBefore(end: number, conversation: Conversation, api: Api): Map<string, number> {
  const { resultsIn } = codecOf(api).history;
  const times = new Map<string, number>();
  for (let index = 0; index < end; index += 1) {
    for (const { callId } of resultsIn(conversation.at(index)))
      times.set(callId, (times.get(callId) ?? 0) + 1);
  }
  return times;
}

function keysOf(outputs: readonly KeyedOutput[]): readonly string[] {
  return outputs.map(({ key }) => key);
}

/** Codex's own hooks, where they told of it, named the call alone. */
function isHeard({ key, callId }: KeyedOutput, { handled }: HookSession): boolean {
  return handled.get(key) !== undefined || handled.get(`told ${callId}`) === true;
}

interface Heard {
  readonly outputs: readonly KeyedOutput[];
  readonly last: KeyedOutput;
  /** What is said in front of all that hooks say to the outputs. */
  readonly start: () => Promise<readonly string[]>;
}

/** Resolves with why the turn ends, where a hook wants that. */
async function hear(
  turn: HookTurn,
  { outputs, last, start }: Heard,
  run: RunHooks,
): Promise<string | undefined> {
  const { exchange, place } = turn;
  const { session } = place;
  const unheard = takeUnheard(outputs, place);
  // There is no prompt that words of the user could stand in front of.
  const contexts = await start();
  const told = await Promise.all(unheard.map((output) => tellOutput(output, turn, run)));
  const ran = told.flatMap(({ calls }) => calls);
  const outcomes = told.flatMap((output) => output.outcomes);
  if (ran.length > 0) outcomes.push(await runBatch(ran, turn, run));
  if (exchange.signal.aborted) {
    forget(unheard, session);
    session.later = [...contexts, ...session.later];
    return undefined;
  }
  const earlier = unheard.flatMap(({ callId }) => takeContexts(callId, session));
  const said = [...contexts, ...earlier, ...outcomes.flatMap((outcome) => outcome.contexts)];
  if (said.length > 0) keep(last.at, { contexts: said }, session);
  for (const { callId, at } of outputs) {
    const updated = told.find((output) => output.callId === callId)?.updated ?? takeUpdated(callId, session);
    if (updated === undefined) continue;
    keep(at, { outputs: new Map([[callId, updated]]) }, session);
  }
  // What hooks said when these calls began, and is said now, is not said behind others.
  const stops = [turnKey(place), ...unheard.map(({ callId }) => callId)].map((key) => takeStop(key, session));
  return [...stops, ...outcomes.map((outcome) => outcome.stop)].find((text) => text !== undefined);
}

/** The outputs that hooks have not heard of, which they have from now on. */
function takeUnheard(outputs: readonly KeyedOutput[], place: HookPlace): readonly KeyedOutput[] {
  const { session } = place;
  const { handled } = session;
  const unheard = outputs.filter((output) => !isHeard(output, session));
  // What was told of these by their ids has nothing to do with other calls.
  for (const output of outputs.filter((one) => isHeard(one, session))) usesOf(output, place);
  for (const { key, at, callId } of outputs) {
    putAt(at, handled.get(key), session);
    handled.set(key, at);
    handled.delete(`told ${callId}`);
    handled.set(`post ${callId}`, true);
  }
  return unheard;
}

/** What was kept at an output stands at its new place too, where its client sends it at another one. */
function putAt(at: string, before: string | true | undefined, session: HookSession): void {
  const { ledger } = session.memory;
  if (typeof before !== 'string' || ledger.find(at) !== undefined) return;
  const { contexts = [], outputs } = ledger.find(before) ?? {};
  if (contexts.length > 0 || outputs !== undefined) keep(at, { contexts, outputs }, session);
}

function forget(outputs: readonly KeyedOutput[], { handled }: HookSession): void {
  for (const { key, callId } of outputs) {
    handled.delete(key);
    handled.delete(`post ${callId}`);
  }
}

interface ToldOutput {
  readonly callId: string;
  readonly calls: readonly FinishedUse[];
  readonly outcomes: readonly HookOutcome[];
  /** What the model gets in its place. */
  readonly updated: string | undefined;
}

async function tellOutput(output: ToolOutput, turn: HookTurn, run: RunHooks): Promise<ToldOutput> {
  const { callId } = output;
  const { place } = turn;
  const calls = ranCalls(output, place);
  const outcomes = await Promise.all(calls.map((call) => runFor(call, turn, run)));
  const tools = calls.map(({ tool }) => tool);
  return { callId, calls, outcomes, updated: updatedOutputOf(tools, outcomes, place) };
}

/** What Codex's own hooks were told of the output before it came. */
function takeUpdated(callId: string, { outputOf }: HookSession): string | undefined {
  const updated = outputOf.get(callId);
  outputOf.delete(callId);
  return updated;
}

function keep(
  key: string,
  { contexts = [], outputs = new Map() }: { readonly [K in 'contexts' | 'outputs']?: Edit[K] | undefined },
  { memory: { ledger } }: HookSession,
): void {
  const before = ledger.find(key);
  const all = new Map([...(before?.outputs ?? []), ...outputs]);
  ledger.edit(key, {
    contexts: [...(before?.contexts ?? []), ...contexts],
    ...(all.size > 0 && { outputs: all }),
  });
}

function ranCalls(ran: ToolOutput, place: HookPlace): readonly FinishedUse[] {
  const { callId: id, text, isError } = ran;
  const { exitCode = ran.exitCode, durationMs = 0, output = text } = parseCodexOutput(text) ?? {};
  const result = { id, text, output, isError, exitCode, durationMs };
  return usesOf(ran, place).map((use) => finishedUse(use, result));
}

/** The uses that a call came to, without those that Codex's own hooks told us of when they had run. */
function usesOf(
  { call }: ToolOutput,
  { project: { workspace }, session }: HookPlace,
): readonly ClaudeToolUse[] {
  const uses = claudeUsesOf(call, (path) => resolve(workspace, path));
  return uses.filter((use) => !takeCovered(session, 'post', use));
}

function runFor(call: FinishedUse, { place, exchange }: HookTurn, run: RunHooks): Promise<HookOutcome> {
  const { durationMs, response, error } = call;
  return error === undefined
    ? run(place, 'PostToolUse', { call, response, durationMs }, exchange)
    : run(place, 'PostToolUseFailure', { call, error, isInterrupt: false, durationMs }, exchange);
}

function runBatch(
  ran: readonly FinishedUse[],
  { place, exchange }: HookTurn,
  run: RunHooks,
): Promise<HookOutcome> {
  const calls = [
    ...takeRefused(place),
    ...ran.map(({ tool, input, id, text }) => ({ tool, input, id, response: text })),
  ];
  return run(place, 'PostToolBatch', { calls }, exchange);
}

/** The calls of the same turn that were refused; those of an earlier prompt are nothing to anybody any more. */
function takeRefused({ session, agent }: HookPlace): readonly AnsweredUse[] {
  const turn = batchKey({ session, agent });
  const refused = session.refused.splice(0);
  const ofPrompt = `${session.promptId ?? ''} `;
  addAll(
    session.refused,
    refused.filter((call) => call.turn !== turn && call.turn.startsWith(ofPrompt)),
  );
  return refused
    .filter((call) => call.turn === turn)
    .map(({ tool, input, id, response }) => ({ tool, input, id, response }));
}
