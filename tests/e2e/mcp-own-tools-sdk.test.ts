import Anthropic from '@anthropic-ai/sdk';
import { expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { call, text } from '../support/checked-bench.ts';
import { fixture } from '../support/mcp/pool-place.ts';
import { useWholeBench } from '../support/whole-bench.ts';

const bench = useWholeBench();
const words = 'do both';
const schema = { type: 'object' as const, properties: { at: { type: 'string' } } };
const options = () => ({
  ...{ apiKey: 'sk-test', maxRetries: 0 },
  defaultHeaders: { 'x-codex-plus-workspace': bench.workspace },
});
const openai = () => new OpenAI({ baseURL: `${bench.middleware.url}/v1`, ...options() });

/** What an SDK makes of an answer. */
interface Asked {
  readonly calls: readonly string[];
  /** Sends the conversation with the output of the client's own tool. */
  readonly goOn: () => Promise<unknown>;
}

type Ask = (isStreamed: boolean) => Promise<Asked>;

const chat: Ask = async (isStreamed) => {
  const body = {
    model: 'm',
    messages: [{ role: 'user' as const, content: words }],
    tools: [{ type: 'function' as const, function: { name: 'look', parameters: schema } }],
  };
  const { choices } = isStreamed
    ? await openai().chat.completions.stream(body).finalChatCompletion()
    : await openai().chat.completions.create(body);
  const said = choices.map(({ message }) => message);
  const calls = said.flatMap(({ tool_calls }) => tool_calls ?? []);
  const output = { role: 'tool' as const, tool_call_id: 'c2', content: 'seen' };
  return {
    calls: calls.map((one) => (one.type === 'function' ? one.function.name : one.type)),
    goOn: () => openai().chat.completions.create({ ...body, messages: [...body.messages, ...said, output] }),
  };
};

const responses: Ask = async (isStreamed) => {
  const body = {
    model: 'm',
    input: words,
    tools: [{ type: 'function' as const, name: 'look', parameters: schema, strict: false }],
  };
  const { output } = isStreamed
    ? await openai().responses.stream(body).finalResponse()
    : await openai().responses.create(body);
  const calls = output.flatMap((item) => (item.type === 'function_call' ? [item] : []));
  const result = { type: 'function_call_output' as const, call_id: 'c2', output: 'seen' };
  return {
    calls: calls.map(({ name }) => name),
    goOn: () =>
      openai().responses.create({ ...body, input: [{ role: 'user', content: words }, ...calls, result] }),
  };
};

const messages: Ask = async (isStreamed) => {
  const client = new Anthropic({ baseURL: bench.middleware.url, ...options() });
  const body = {
    ...{ model: 'm', max_tokens: 100 },
    messages: [{ role: 'user' as const, content: words }],
    tools: [{ name: 'look', input_schema: schema }],
  };
  const { content } = isStreamed
    ? await client.messages.stream(body).finalMessage()
    : await client.messages.create(body);
  const result = { type: 'tool_result' as const, tool_use_id: 'c2', content: 'seen' };
  const after = [
    { role: 'assistant' as const, content },
    { role: 'user' as const, content: [result] },
  ];
  return {
    calls: content.flatMap((block) => (block.type === 'tool_use' ? [block.name] : [])),
    goOn: () => client.messages.create({ ...body, messages: [...body.messages, ...after] }),
  };
};

test.each([
  ['Chat Completions', chat, false],
  ['Chat Completions, streamed', chat, true],
  ['Responses', responses, false],
  ['Responses, streamed', responses, true],
  ['Messages', messages, false],
  ['Messages, streamed', messages, true],
] as const)(
  'an SDK gets the call of its own tool alone, where the model calls one of a server as well, and the model the outputs of both: %s [MCP-2]',
  async (_api, ask, isStreamed) => {
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
    bench.answers(
      [call('mcp__one__echo', 'c1', { text: 'x' }), call('look', 'c2', { at: 'it' })],
      [text('Done.')],
    );
    const { calls, goOn } = await ask(isStreamed);
    expect(calls).toEqual(['look']);
    expect(JSON.stringify(bench.upstream.requests[0]?.json)).toContain('mcp__one__echo');
    expect(JSON.stringify(await goOn())).toContain('Done.');
    expect(bench.sent(-1)).toEqual(
      expect.arrayContaining([
        ['output', 'c1', 'x'],
        ['output', 'c2', 'seen'],
      ]),
    );
  },
);
