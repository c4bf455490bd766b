import { afterEach, expect, jest, test } from '@jest/globals';
import { AskingCalls } from '../../../middleware/pipeline/mcp/asking-calls.ts';
import { collectedLog } from '../../support/collected-log.ts';
import type { WaitingCall } from '../../../middleware/pipeline/call-checks.ts';

const askedQuestions = { note: () => Promise.resolve() };
const on = { signal: new AbortController().signal };
const question = {
  method: 'elicitation/create' as const,
  params: {
    message: 'Which?',
    requestedSchema: { type: 'object' as const, properties: { which: { type: 'string' as const } } },
  },
};

function asking(limits: { maxCalls: number; waitMs: number; resultMs?: number }): AskingCalls {
  const send = () => Promise.reject(new Error('nobody asks a model'));
  const sampling = { servers: [], send, onUsed: () => undefined };
  return new AskingCalls({ log: collectedLog().log, sampling, limits, askedQuestions });
}

async function asked(calls: AskingCalls): Promise<WaitingCall> {
  const step = await calls.run(
    {
      ...{ server: 'one', tool: 'ask', client: 'c', conversation: 'v', canAsk: true },
      work: async ({ ask }, signal) => ({
        output: JSON.stringify(await ask(question, signal)),
        isError: false,
      }),
    },
    on,
  );
  if (!('asks' in step)) throw new Error('it asks nothing');
  return step;
}

afterEach(() => {
  jest.useRealTimers();
});

test('a call is ended where too many wait, the oldest first, and the model is told so [MCP-2]', async () => {
  const calls = asking({ maxCalls: 1, waitMs: 60_000 });
  const first = await asked(calls);
  const second = await asked(calls);
  const why = expect.stringContaining('too many calls wait for an answer');
  expect(await first.goOn('this', on)).toEqual({ output: why, isError: true });
  const output = '{"action":"accept","content":{"which":"this"}}';
  expect([first.over(), second.over()]).toEqual([
    'too many calls wait for an answer of their users',
    undefined,
  ]);
  expect(await second.goOn('this', on)).toEqual({ output, isError: false });
  expect(second.over()).toMatch(/answered before, in another branch/);
});

test('a call is ended where nobody answers, and the model is told so [MCP-2]', async () => {
  jest.useFakeTimers();
  const step = await asked(asking({ maxCalls: 8, waitMs: 60_000 }));
  jest.advanceTimersByTime(60_000);
  expect(step.over()).toBe('nobody answered the question of the server in time');
  const why = expect.stringContaining('nobody answered the question of the server in time');
  expect(await step.goOn('this', on)).toEqual({ output: why, isError: true });
});

test('a call is answered once, whoever asks for another word [MCP-2]', async () => {
  const step = await asked(asking({ maxCalls: 8, waitMs: 60_000 }));
  expect(await step.goOn('cancel', on)).toEqual({ output: '{"action":"cancel"}', isError: false });
  expect(await step.goOn('this', on)).toMatchObject({ isError: true });
});

test('a call whose user is not asked gives its place to others at once [MCP-2]', async () => {
  jest.useFakeTimers();
  const calls = asking({ maxCalls: 8, waitMs: 60_000 });
  const step = await asked(calls);
  expect(jest.getTimerCount()).toBe(1);
  step.leave();
  expect(jest.getTimerCount()).toBe(0);
  const why = expect.stringContaining('its user is not asked');
  expect(await step.goOn('this', on)).toEqual({ output: why, isError: true });
});

/** A call that asks, and is answered when `went` resolves, whatever is said. */
async function goingOn(calls: AskingCalls, went: Promise<undefined>): Promise<WaitingCall> {
  const step = await calls.run(
    {
      ...{ server: 'one', tool: 'ask', client: 'c', conversation: 'v', canAsk: true },
      work: async ({ ask }) => {
        const over = new AbortController();
        ask(question, over.signal).catch(() => undefined);
        await went;
        over.abort();
        return { output: 'went on', isError: false };
      },
    },
    on,
  );
  if (!('asks' in step)) throw new Error('it asks nothing');
  return step;
}

test.each(['this', 'cancel', '', '{"which": 1}'])(
  'a call that its server answers without waiting comes to that, whether its user says %j or nothing in time [MCP-2]',
  async (words) => {
    jest.useFakeTimers();
    const went = Promise.withResolvers<undefined>();
    const step = await goingOn(asking({ maxCalls: 8, waitMs: 60_000, resultMs: 600_000 }), went.promise);
    expect([step.over(), step.hasEnded()]).toEqual([undefined, false]);
    went.resolve(undefined);
    await jest.advanceTimersByTimeAsync(599_000);
    expect([step.over(), step.hasEnded()]).toEqual(['its server does not wait for an answer any more', true]);
    expect(await step.goOn(words, on)).toEqual({ output: 'went on', isError: false });
    expect([jest.getTimerCount(), step.hasEnded()]).toEqual([0, false]);
  },
);

test('what a call came to is not kept for ever for a user who says nothing [MCP-2]', async () => {
  jest.useFakeTimers();
  const calls = asking({ maxCalls: 8, waitMs: 60_000, resultMs: 600_000 });
  const went = Promise.withResolvers<undefined>();
  const step = await goingOn(calls, went.promise);
  went.resolve(undefined);
  await jest.advanceTimersByTimeAsync(600_000);
  expect([jest.getTimerCount(), step.hasEnded()]).toEqual([0, false]);
  expect(await step.goOn('this', on)).toMatchObject({ isError: true });
});

test('a question that its server takes back at once is put to nobody [MCP-2]', async () => {
  const step = await asking({ maxCalls: 8, waitMs: 60_000 }).run(
    {
      ...{ server: 'one', tool: 'ask', client: 'c', conversation: 'v', canAsk: true },
      work: async ({ ask }) => {
        const over = new AbortController();
        const asked = ask(question, over.signal).catch(String);
        over.abort(new Error('taken back'));
        return { output: String(await asked), isError: false };
      },
    },
    on,
  );
  expect(step).toEqual({ output: 'Error: taken back', isError: false });
});
