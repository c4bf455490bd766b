import type { CallEntry, Entry, ResultEntry } from './model-request.ts';

/**
 * A conversation in the order that every provider takes: the results of a turn's calls stand directly behind the calls,
 * each call has one, none is without its call, and the conversation ends with something to answer. OpenAI is more
 * lenient, and clients send what is left of turns that were interrupted. Nothing that somebody said is lost.
 */
export function repairHistory(entries: readonly Entry[], takesPrefill: boolean): readonly Entry[] {
  const ordered = resultsBehindCalls(entries.filter(saysSomething));
  return withSomethingToAnswer(ordered, takesPrefill);
}

/** Providers refuse empty texts, also those that they gave themselves. */
function saysSomething(entry: Entry): boolean {
  if (entry.kind === 'said') return entry.text.trim() !== '';
  if (entry.kind === 'instructions') return entry.texts.some((text) => text.trim() !== '');
  return entry.kind !== 'user' || entry.parts.some((part) => part.kind !== 'text' || part.text.trim() !== '');
}

function resultsBehindCalls(entries: readonly Entry[]): readonly Entry[] {
  const results = firstResults(entries);
  const calls = new Set<string>();
  const repaired: Entry[] = [];
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at];
    if (entry === undefined) continue;
    if (entry.kind === 'call') {
      const turn = restOfTurn(entries, at);
      repaired.push(...withResults(turn, results, calls));
      at += turn.length - 1;
    } else if (entry.kind !== 'result') repaired.push(entry);
    else if (!calls.has(entry.callId) && !isCalledLater(entries, at, entry.callId))
      repaired.push(orphan(entry));
  }
  return repaired;
}

/** Of several results of one call, the first counts. */
function firstResults(entries: readonly Entry[]): ReadonlyMap<string, ResultEntry> {
  const results = new Map<string, ResultEntry>();
  for (const entry of entries)
    if (entry.kind === 'result' && !results.has(entry.callId)) results.set(entry.callId, entry);
  return results;
}

/** What the model did in one go, from a call on: further calls, and what stands between them. */
function restOfTurn(entries: readonly Entry[], from: number): readonly Entry[] {
  let end = from;
  for (let at = from; at < entries.length; at += 1) {
    const kind = entries[at]?.kind;
    if (kind === 'call') end = at;
    else if (kind !== 'said' && kind !== 'reasoning') break;
  }
  return entries.slice(from, end + 1);
}

function withResults(
  turn: readonly Entry[],
  results: ReadonlyMap<string, ResultEntry>,
  seen: Set<string>,
): readonly Entry[] {
  const kept = turn.filter((entry) => entry.kind !== 'call' || !seen.has(entry.callId));
  const calls = uniqueCalls(kept);
  for (const { callId } of calls) seen.add(callId);
  return [
    ...kept.filter((entry) => entry.kind !== 'call' || calls.includes(entry)),
    ...calls.map((call) => results.get(call.callId) ?? interrupted(call)),
  ];
}

function uniqueCalls(turn: readonly Entry[]): readonly CallEntry[] {
  const calls = new Map<string, CallEntry>();
  for (const entry of turn)
    if (entry.kind === 'call' && !calls.has(entry.callId)) calls.set(entry.callId, entry);
  return [...calls.values()];
}

function isCalledLater(entries: readonly Entry[], from: number, callId: string): boolean {
  return entries.slice(from).some((entry) => entry.kind === 'call' && entry.callId === callId);
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

/** What came of a call that is not there any more, for the model to read all the same. */
function orphan({ parts }: ResultEntry): Entry {
  return {
    kind: 'user',
    parts: [{ kind: 'text', text: 'The result of an earlier tool call that is no longer shown:' }, ...parts],
  };
}

function withSomethingToAnswer(entries: readonly Entry[], takesPrefill: boolean): readonly Entry[] {
  const last = entries.findLast(({ kind }) => kind !== 'instructions');
  const isAnswered = last?.kind === 'said' || last?.kind === 'reasoning';
  if (last !== undefined && (!isAnswered || takesPrefill)) return entries;
  return [...entries, { kind: 'user', parts: [{ kind: 'text', text: 'Continue.' }] }];
}
