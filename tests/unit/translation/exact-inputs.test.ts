import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { eventFrame } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { parseWithExactInputs } from '../../../middleware/protocol/json/exact-numbers.ts';
import { frameBytes, parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const exact = '{"n":12345678901234567890,"f":1.0,"list":[-0,1e2,0.0000001],"s":"1.0"}';
const names = new ToolNames([]);

function inputOf(events: readonly AnswerEvent[]): string {
  expect(events.map(({ kind }) => kind)).toContain('call-end');
  return events.map((event) => (event.kind === 'call-input' ? event.delta : '')).join('');
}

/** An answer of Claude's with one call, whole and streamed, `input` as JSON. */
function answersWith(input: string): readonly (readonly AnswerEvent[])[] {
  const block = `{"type":"tool_use","id":"a","name":"f","input":${input}}`;
  const whole = `{"id":"m","content":[${block}],"stop_reason":"tool_use","usage":{"input_tokens":1.0,"output_tokens":2}}`;
  const reader = messagesProvider.openReader(names, claude({}));
  const frames = [
    { type: 'message_start', message: { id: 'm' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
    { type: 'message_stop' },
  ].map((event) => eventFrame(event));
  const start = `{"type":"content_block_start","index":0,"content_block":${block}}`;
  frames.splice(1, 0, parseFrame(frameBytes(start)));
  return [
    messagesProvider.readAnswer(parseWithExactInputs(whole) as JsonObject, names, claude({})),
    [...frames.flatMap((frame) => reader.read(frame)), ...reader.finish()],
  ];
}

describe('[RT-4] the input of a call', () => {
  test('of Claude, given as a text, is what the text says, whole and streamed', () => {
    for (const input of ['{"cmd":"ls -la"}', 'ls -la', exact])
      for (const events of answersWith(JSON.stringify(input))) expect(inputOf(events)).toBe(input);
  });

  test('of Claude keeps its digits, and what is counted stays a number', () => {
    const [whole = [], streamed = []] = answersWith(exact);
    expect([whole, streamed].map(inputOf)).toEqual([exact, exact]);
    expect(whole.at(-1)).toMatchObject({ kind: 'end', usage: { inputTokens: 1, outputTokens: 2 } });
  });

  test('keeps its digits on the way to each provider, from each client', () => {
    const clients = [
      [
        responsesClient,
        `{"model":"m","input":[{"role":"user","content":"go"},{"type":"function_call","call_id":"a","name":"f","arguments":${JSON.stringify(exact)}},{"type":"function_call_output","call_id":"a","output":"1"}]}`,
      ],
      [
        chatClient,
        `{"model":"m","messages":[{"role":"user","content":"go"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":${JSON.stringify(exact)}}}]},{"role":"tool","tool_call_id":"a","content":"1"}]}`,
      ],
      [
        messagesClient,
        `{"model":"m","max_tokens":1e2,"temperature":1.0,"messages":[{"role":"user","content":"go"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":${exact}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"1"}]}]}`,
      ],
    ] as const;
    for (const [client, body] of clients) {
      const asked = parseWithExactInputs(body) as JsonObject;
      const claudes = translateRequest(asked, { client, provider: messagesProvider }, claude({}));
      expect(JSON.stringify(claudes.body)).toContain(`"input":${exact}`);
      for (const [provider, traits] of [
        [chatProvider, plainChat({})],
        [responsesProvider, openai({})],
      ] as const) {
        const { body: written } = translateRequest(asked, { client, provider }, traits);
        expect(JSON.stringify(written)).toContain(`"arguments":${JSON.stringify(exact)}`);
      }
    }
  });

  test('of another provider keeps its digits on the way to a client of Messages', () => {
    const answer = {
      choices: [
        {
          finish_reason: 'tool_calls',
          message: { tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: exact } }] },
        },
      ],
    };
    const asked = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'go' }] };
    const written = messagesClient.writeAnswer(
      chatProvider.readAnswer(answer, names, plainChat({})),
      messagesClient.readRequest(asked),
      0,
    );
    expect(JSON.stringify(written)).toContain(`"input":${exact}`);
  });
});
