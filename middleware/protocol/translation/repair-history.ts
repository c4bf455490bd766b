import { addAll } from '../../kernel/bounds/add-all.ts';
import { distinctCalls } from './distinct-calls.ts';
import type { CallEntry, ContentPart, Entry, ResultEntry } from './model-request.ts';
import { isOfModel } from './steps.ts';

/**
 * A conversation in the order that every provider takes: the results of a turn's calls stand directly behind the calls,
 * each call has one, none is without its call, and the conversation ends with something to answer. OpenAI is more
 * lenient, and clients send what is left of turns that were interrupted. Nothing that somebody said is lost.
 */
export function repairHistory(entries: readonly Entry[]): readonly Entry[] {
  return withSomethingToAnswer(resultsBehindCalls(distinctCalls(entries.filter(saysSomething))));
}

/** Whether an entry has anything in it. Providers refuse empty texts, also those that they gave themselves. */
export function saysSomething(entry: Entry): boolean {
  if (entry.kind === 'said') return entry.text.trim() !== '';
  if (entry.kind === 'instructions') return entry.texts.some((text) => text.trim() !== '');
  return entry.kind !== 'user' || entry.parts.some((part) => part.kind !== 'text' || part.text.trim() !== '');
}

function resultsBehindCalls(entries: readonly Entry[]): readonly Entry[] {
  const results = new ResultsOf(entries);
  /** What stands with each call. */
  const calls = new Map<string, ResultEntry>();
  const repaired: Entry[] = [];
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at];
    if (entry === undefined) continue;
    if (entry.kind === 'call') {
      const turn = restOfTurn(entries, at);
      addAll(
        repaired,
        withResults(turn, (callId) => results.after(at, callId), calls),
      );
      at += turn.length - 1;
    } else if (entry.kind === 'result') addAll(repaired, toldResult(entry, calls.get(entry.callId)));
    else repaired.push(entry);
  }
  return repaired;
}

/** A result that does not stand with its call, for the model to read all the same. `first`: what does. */
function toldResult(result: ResultEntry, first: ResultEntry | undefined): readonly Entry[] {
  if (first === undefined)
    return [told('The result of an earlier tool call that is no longer shown:', result)];
  return haveSameParts(first, result) ? [] : [told('A further result of an earlier tool call:', result)];
}

/** Costs no more than the second one's own size, for there may be thousands beside a large first one. */
function haveSameParts({ parts }: ResultEntry, { parts: others }: ResultEntry): boolean {
  return parts.length === others.length && parts.every((part, index) => isSamePart(part, others[index]));
}

function isSamePart(part: ContentPart, other: ContentPart | undefined): boolean {
  if (part.kind !== other?.kind) return false;
  const values: Readonly<Record<string, unknown>> = { ...other };
  return Object.entries(part).every(([member, value]) => values[member] === value);
}

function told(text: string, { parts }: ResultEntry): Entry {
  return { kind: 'user', parts: [{ kind: 'text', text }, ...parts] };
}

/** The results in a conversation by their calls. */
class ResultsOf {
  readonly #places = new Map<string, { readonly at: number; readonly result: ResultEntry }[]>();

  constructor(entries: readonly Entry[]) {
    for (const [at, entry] of entries.entries()) {
      if (entry.kind !== 'result') continue;
      const places = this.#places.get(entry.callId) ?? [];
      this.#places.set(entry.callId, places);
      places.push({ at, result: entry });
    }
  }

  /** Of several behind the call, the first counts. */
  after(at: number, callId: string): ResultEntry | undefined {
    return this.#places.get(callId)?.find((place) => place.at > at)?.result;
  }
}

/**
 * What the model did in one go, from a call on: further calls, what stands between them, and behind them what it says and
 * what their provider wants back with them.
 */
function restOfTurn(entries: readonly Entry[], from: number): readonly Entry[] {
  let end = from;
  for (let at = from; at < entries.length; at += 1) {
    const entry = entries[at];
    if (entry === undefined || !isOfModel(entry)) break;
    if (entry.kind === 'call' || (end === at - 1 && isBehindCalls(entry))) end = at;
  }
  return entries.slice(from, end + 1);
}

function isBehindCalls(entry: Entry): boolean {
  if (entry.kind !== 'reasoning') return entry.kind === 'said';
  const { origin } = entry.original ?? {};
  return origin === 'openai-compatible' || origin === 'openai';
}

/** What is said behind the calls goes before them: no provider takes anything between calls and their results. */
function withResults(
  turn: readonly Entry[],
  resultOf: (callId: string) => ResultEntry | undefined,
  seen: Map<string, ResultEntry>,
): readonly Entry[] {
  const calls = turn.filter((entry) => entry.kind === 'call');
  const results = calls.map((call) => resultOf(call.callId) ?? interrupted(call));
  for (const result of results) seen.set(result.callId, result);
  const end = turn.findLastIndex(({ kind }) => kind === 'call') + 1;
  const { said = [], others = [] } = Object.groupBy(turn.slice(end), ({ kind }) =>
    kind === 'said' ? 'said' : 'others',
  );
  return [...said, ...turn.slice(0, end), ...others, ...results];
}

function interrupted({ callId }: CallEntry): ResultEntry {
  return {
    kind: 'result',
    callId,
    parts: [{ kind: 'text', text: 'The call was interrupted and has no result.' }],
    isError: true,
    foundTools: [],
  };
}

/** Newer models of Anthropic and Google refuse to go on with words of their own. */
function withSomethingToAnswer(entries: readonly Entry[]): readonly Entry[] {
  const last = entries.findLast(({ kind }) => kind !== 'instructions');
  if (last !== undefined && last.kind !== 'said' && last.kind !== 'reasoning') return entries;
  return [...entries, { kind: 'user', parts: [{ kind: 'text', text: 'Continue.' }] }];
}
