import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { isParked, ParkedCalls } from '../../../middleware/features/mcp/gateway/parked-calls.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { RunningCall, type WaitingRequest } from '../../../middleware/features/mcp/gateway/running-call.ts';

const waitMs = 1_000;
const ada = { caller: 'ada', client: 'one', asked: 'tools/call x' };
const { log, lines } = collectedLog();
const question = { method: 'roots/list' as const };

function request(signal = new AbortController().signal): WaitingRequest {
  return { signal, onProgress: undefined, onLog: () => undefined };
}

/** A call whose server asks so many questions, and says what it was told. */
function asking(questions: number, first = request()): RunningCall<unknown> {
  return new RunningCall<unknown>(first, async (call) => {
    const answers: unknown[] = [];
    for (let at = 0; at < questions; at += 1) answers.push(await call.ask(question, call.signal));
    return answers;
  });
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a call whose server asks', () => {
  test('is known by its state, which another Codex-Plus behind this one does not name alike [MCP-2]', async () => {
    const calls = new ParkedCalls<unknown>({ maxCalls: 10, waitMs, log });
    const step = await calls.start(ada, asking(1));
    const state = step.kind === 'asks' ? step.state : '';
    expect(isParked(state)).toBe(true);
    expect(isParked(`codex-plus:${randomUUID()}`)).toBe(false);
    expect(isParked(`codex-plus:${randomUUID()}:${randomUUID()}`)).toBe(false);
    calls.close();
  });

  test('goes on with the answers that its owner brings, as often as it asks [MCP-2]', async () => {
    const calls = new ParkedCalls<unknown>({ maxCalls: 10, waitMs, log });
    let step = await calls.start(ada, asking(2));
    for (const answer of ['one', 'two']) {
      if (step.kind !== 'asks') throw new Error('it asked nothing');
      const [key = ''] = Object.keys(step.questions);
      // Whoever did not ask does not go on with it.
      expect(
        await calls.resume(step.state, { ...ada, client: 'bob' }, request(), { [key]: 'mine' }),
      ).toBeUndefined();
      const next = await calls.resume(step.state, ada, request(), { [key]: answer });
      // A state is good for once.
      expect(await calls.resume(step.state, ada, request(), { [key]: answer })).toBeUndefined();
      step = next ?? step;
    }
    expect(step).toEqual({ kind: 'done', result: ['one', 'two'] });
  });

  test('asks again for an answer that is missing [MCP-2]', async () => {
    const calls = new ParkedCalls<unknown>({ maxCalls: 10, waitMs, log });
    const first = await calls.start(ada, asking(1));
    if (first.kind !== 'asks') throw new Error('it asked nothing');
    const second = await calls.resume(first.state, ada, request(), { other: 'mine' });
    expect(second).toMatchObject({ kind: 'asks', questions: first.questions });
  });

  test('ends where nobody answers in time, where too many wait, and where its client leaves [MCP-2]', async () => {
    const calls = new ParkedCalls<unknown>({ maxCalls: 2, waitMs, log });
    const late = asking(1);
    await calls.start(ada, late);
    jest.advanceTimersByTime(waitMs);
    expect(late.signal.aborted).toBe(true);
    const three = [asking(1), asking(1), asking(1)];
    for (const call of three) await calls.start(ada, call);
    expect(three.map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
    expect(lines.at(-1)).toMatchObject({ level: 'warn', caller: 'ada', asked: 'tools/call x' });
    // Whoever has more makes room.
    const other = asking(1);
    await calls.start({ ...ada, caller: 'bob' }, other);
    await calls.start(ada, asking(1));
    expect(other.signal.aborted).toBe(false);
    calls.close();
    expect(three.every(({ signal }) => signal.aborted)).toBe(true);
    const leaving = new AbortController();
    const left = new RunningCall<unknown>(request(leaving.signal), (call) => call.ask(question, call.signal));
    leaving.abort(new Error('the client left'));
    await expect(calls.start(ada, left)).rejects.toThrow('the client left');
  });

  test('leaves nothing open where its client left before it asks [MCP-2]', async () => {
    const calls = new ParkedCalls<unknown>({ maxCalls: 10, waitMs, log });
    const leaving = new AbortController();
    const decided = Promise.withResolvers<undefined>();
    let asked: Promise<unknown> | undefined;
    const call = new RunningCall<unknown>(request(leaving.signal), async (running) => {
      await decided.promise;
      asked = running.ask(question, running.signal);
      return await asked;
    });
    const started = calls.start(ada, call);
    leaving.abort(new Error('the client left'));
    decided.resolve(undefined);
    await expect(started).rejects.toThrow('the client left');
    await expect(asked).rejects.toThrow('the client left');
  });
});
