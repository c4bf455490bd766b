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

function asking(limits: { maxCalls: number; waitMs: number }): AskingCalls {
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
