import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { McpServers } from '../../../middleware/features/mcp/mcp-servers.ts';
import type { RunnerPlace } from '../../../middleware/pipeline/mcp/tool-runner.ts';
import { createToolRunner } from '../../../middleware/pipeline/mcp/tool-runner.ts';
import { AskingCalls } from '../../../middleware/pipeline/mcp/asking-calls.ts';
import type { ToolCall } from '../../../middleware/protocol/apis/tool-call.ts';
import { collectedLog } from '../../support/collected-log.ts';

const askedQuestions = { note: () => Promise.resolve() };
const { log } = collectedLog();
const on = { signal: new AbortController().signal };
const question = {
  method: 'elicitation/create' as const,
  params: { message: 'Go?', requestedSchema: { type: 'object' as const, properties: {} } },
};

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('hooks are told how long a call ran, without the time that its user took to answer [MCP-2] [HK-1]', async () => {
  const call: McpServers['call'] = async ({ asker, signal }) => {
    jest.advanceTimersByTime(20);
    await asker?.ask(question, signal);
    jest.advanceTimersByTime(30);
    return { parts: [], isError: false };
  };
  const send = () => Promise.reject(new Error('nobody asks a model'));
  const sampling = { servers: [], send, onUsed: () => undefined };
  const limits = { maxCalls: 1, waitMs: 600_000 };
  const durations: number[] = [];
  const runner = createToolRunner(
    { tools: [], others: new Map() },
    { mcpPlace: { conversation: 'c' }, callerId: 'ada', hookPlace: undefined, log } as RunnerPlace,
    {
      mcp: { call },
      questionHooksOf: () => undefined,
      asking: new AskingCalls({ log, sampling, limits, askedQuestions }),
      afterCall: ({ answer, durationMs }) => {
        durations.push(durationMs);
        return Promise.resolve(answer);
      },
    },
  );
  const made = { kind: 'function', namespace: 'mcp__one', name: 'ask', input: '{}', callId: 'c1' };
  const step = await runner.run(made as unknown as ToolCall, on, { canAsk: true });
  if (!('asks' in step)) throw new Error('it asks nothing');
  jest.advanceTimersByTime(100_000);
  await step.goOn('accept', on);
  expect(durations).toEqual([50]);
});
