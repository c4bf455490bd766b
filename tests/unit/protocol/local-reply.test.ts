import { describe, expect, test } from '@jest/globals';
import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import { headerValue } from '../../../middleware/kernel/headers.ts';
import type { Api } from '../../../middleware/kernel/exchange.ts';
import type { Reply } from '../../../middleware/kernel/reply.ts';
import { createAnswerTail } from '../../../middleware/protocol/answer-tail.ts';
import { localReply } from '../../../middleware/protocol/local-reply.ts';
import { SseCutter } from '../../../middleware/protocol/sse/sse-cutter.ts';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';

const id = '6f1c3f4e-0c5c-4f0e-8a53-1f6f8d1a2b3c';
const text = '## Commands\n\n- `/fix`: Héllo, 你好 🌍\u2028 data: [DONE]\n';
const apis: readonly Api[] = ['responses', 'chat', 'completions', 'messages'];

interface Options {
  readonly stream?: boolean;
  readonly includeUsage?: boolean;
  readonly model?: string | undefined;
}

function replyOf(api: Api, options: Options = {}): Reply {
  return localReply({ api, stream: false, model: 'gpt-5', id, nowSeconds: 1_790_000_000, ...options }, text);
}

function bytesOf({ body }: Reply): Buffer {
  if (body.kind !== 'bytes') throw new Error('a local reply is whole');
  return body.bytes;
}

function jsonOf(api: Api): Record<string, unknown> {
  return JSON.parse(bytesOf(replyOf(api)).toString()) as Record<string, unknown>;
}

function eventsOf(api: Api, options: Options = {}): (readonly [string | undefined, unknown])[] {
  const events: (readonly [string | undefined, unknown])[] = [];
  const cutter = new SseCutter();
  cutter.feed(bytesOf(replyOf(api, { stream: true, ...options })), (raw) => {
    const { event, data = '' } = parseFrame(raw);
    events.push([event, data === '[DONE]' ? data : (JSON.parse(data) as unknown)]);
  });
  expect(cutter.isAtBoundary()).toBe(true);
  return events;
}

// The types are those of the official SDKs, so that a member which they say is always there cannot be missing.
const responsesItem: OpenAI.Responses.ResponseOutputMessage = {
  id: `msg_codexplus_${id}`,
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
};
const response: Omit<OpenAI.Responses.Response, 'output_text'> = {
  id: `resp_codexplus_${id}`,
  object: 'response',
  created_at: 1_790_000_000,
  model: 'gpt-5',
  access_programs: null,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  status: 'completed',
  output: [responsesItem],
  usage: {
    input_tokens: 0,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: 0,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 0,
  },
};
const chatUsage: OpenAI.CompletionUsage = {
  prompt_tokens: 0,
  completion_tokens: 0,
  total_tokens: 0,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};
const messagesUsage: Anthropic.Usage = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 0,
  output_tokens_details: null,
  server_tool_use: null,
  cache_creation: null,
  inference_geo: null,
  service_tier: null,
  speed: null,
};
const message: Omit<Anthropic.Message, 'content'> = {
  id: `msg_codexplus_${id}`,
  type: 'message',
  role: 'assistant',
  model: 'gpt-5',
  stop_reason: 'end_turn',
  stop_sequence: null,
  stop_details: null,
  container: null,
  diagnostics: null,
  usage: messagesUsage,
};

describe('localReply', () => {
  test('Responses: one message, and what the SDK says is always there [CMD-4]', () => {
    expect(jsonOf('responses')).toEqual(response);
  });

  test('Responses, streamed: every event in its order, numbered without a gap [CMD-4]', () => {
    const at = { item_id: responsesItem.id, output_index: 0, content_index: 0 };
    const begun = { ...response, status: 'in_progress', output: [], usage: null };
    const part = { type: 'output_text', text: '', annotations: [] };
    const events = [
      { type: 'response.created', response: begun },
      { type: 'response.in_progress', response: begun },
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...responsesItem, status: 'in_progress', content: [] },
      },
      { type: 'response.content_part.added', ...at, part },
      { type: 'response.output_text.delta', ...at, delta: text, logprobs: [] },
      { type: 'response.output_text.done', ...at, text, logprobs: [] },
      { type: 'response.content_part.done', ...at, part: { ...part, text } },
      { type: 'response.output_item.done', output_index: 0, item: responsesItem },
      { type: 'response.completed', response },
    ];
    expect(eventsOf('responses')).toEqual(
      events.map((event, sequence) => [event.type, { ...event, sequence_number: sequence }]),
    );
  });

  test('Chat Completions: one choice [CMD-4]', () => {
    const completion: OpenAI.ChatCompletion = {
      id: `chatcmpl-codexplus-${id}`,
      object: 'chat.completion',
      created: 1_790_000_000,
      model: 'gpt-5',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: text, refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: chatUsage,
    };
    expect(jsonOf('chat')).toEqual(completion);
  });

  test.each([false, true])(
    'Chat Completions, streamed: the role, the text, the reason, the usage only if asked for (%s), the end [CMD-4]',
    (includeUsage) => {
      const chunk = (choices: object[], usage: object | null): object => ({
        id: `chatcmpl-codexplus-${id}`,
        object: 'chat.completion.chunk',
        created: 1_790_000_000,
        model: 'gpt-5',
        choices,
        ...(includeUsage ? { usage } : {}),
      });
      const piece = (delta: object, reason: string | null = null): object =>
        chunk([{ index: 0, delta, logprobs: null, finish_reason: reason }], null);
      expect(eventsOf('chat', { includeUsage })).toEqual([
        [undefined, piece({ role: 'assistant', content: '' })],
        [undefined, piece({ content: text })],
        [undefined, piece({}, 'stop')],
        ...(includeUsage ? [[undefined, chunk([], chatUsage)]] : []),
        [undefined, '[DONE]'],
      ]);
    },
  );

  test('Completions: one choice, also streamed [CMD-4]', () => {
    const completion: OpenAI.Completion = {
      id: `cmpl-codexplus-${id}`,
      object: 'text_completion',
      created: 1_790_000_000,
      model: 'gpt-5',
      choices: [{ index: 0, text, logprobs: null, finish_reason: 'stop' }],
      usage: chatUsage,
    };
    expect(jsonOf('completions')).toEqual(completion);
    const { usage, ...object } = completion;
    const piece = (words: string, reason: string | null): object => ({
      ...object,
      choices: [{ index: 0, text: words, logprobs: null, finish_reason: reason }],
    });
    expect(eventsOf('completions')).toEqual([
      [undefined, piece(text, null)],
      [undefined, piece('', 'stop')],
      [undefined, '[DONE]'],
    ]);
    expect(eventsOf('completions', { includeUsage: true }).slice(-2)).toEqual([
      [undefined, { ...object, choices: [], usage }],
      [undefined, '[DONE]'],
    ]);
  });

  test('Messages: one block of text [CMD-4]', () => {
    expect(jsonOf('messages')).toEqual({ ...message, content: [{ type: 'text', text }] });
  });

  test('Messages, streamed: from message_start to message_stop [CMD-4]', () => {
    const { stop_reason, stop_sequence, stop_details, container } = message;
    const { input_tokens, output_tokens, ...others } = messagesUsage;
    const usage: Anthropic.MessageDeltaUsage = {
      input_tokens,
      output_tokens,
      cache_creation_input_tokens: others.cache_creation_input_tokens,
      cache_read_input_tokens: others.cache_read_input_tokens,
      output_tokens_details: null,
      server_tool_use: null,
    };
    const events = [
      { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason, stop_sequence, stop_details, container },
        usage,
      },
      { type: 'message_stop' },
    ];
    expect(eventsOf('messages')).toEqual(events.map((event) => [event.type, event]));
  });

  test.each(apis)('%s: the head tells the kind, the length and the id of the request [CMD-4]', (api) => {
    const type = { true: 'text/event-stream; charset=utf-8', false: 'application/json' };
    for (const stream of [true, false]) {
      const { status, headers, ...rest } = replyOf(api, { stream });
      expect([status, headerValue(headers, 'content-type'), headerValue(headers, 'x-request-id')]).toEqual([
        200,
        type[`${stream}`],
        id,
      ]);
      const length = bytesOf({ status, headers, ...rest }).length;
      expect(headerValue(headers, 'content-length')).toBe(String(length));
    }
  });

  test.each(apis)('%s: our own watch takes the stream for complete, with no token used [CMD-4]', (api) => {
    const reply = replyOf(api, { stream: true, includeUsage: true });
    const tail = createAnswerTail(api, reply.status, reply.headers);
    tail.feed(bytesOf(reply));
    expect([tail.isComplete(), tail.isAtBoundary(), tail.usage()]).toEqual([
      true,
      true,
      { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0, costUsd: undefined },
    ]);
  });

  test('ids are made of the id of the request, and where it names no model, the model is us [CMD-4]', () => {
    const { model, id: answerId } = JSON.parse(
      bytesOf(
        localReply({ api: 'responses', stream: false, model: undefined, id: 'another', nowSeconds: 1 }, text),
      ).toString(),
    ) as Record<string, unknown>;
    expect([model, answerId]).toEqual(['codex-plus', 'resp_codexplus_another']);
  });
});

describe('the id of our own message', () => {
  test('is one that OpenAI takes: "msg", then letters, digits, dashes and lines, 64 at most [CMD-4]', () => {
    expect(responsesItem.id).toMatch(/^msg_[\w-]{1,60}$/);
    expect(String((jsonOf('responses')['output'] as { id: string }[])[0]?.id)).toBe(responsesItem.id);
  });
});
