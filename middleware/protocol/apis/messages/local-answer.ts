import { localMessagePrefix, type LocalAnswer } from '../local-answer.ts';

/** An answer of the Messages API: one block of text. */
export const messagesAnswer: LocalAnswer = ({ id, model }, text) => {
  const ending = { stop_reason: 'end_turn', stop_sequence: null, stop_details: null, container: null };
  const message = {
    id: `${localMessagePrefix}${id}`,
    type: 'message',
    role: 'assistant',
    model,
    // No `citations`, which the SDKs have as null: the client sends the block back, and not every provider takes that.
    content: [{ type: 'text', text }],
    ...ending,
    diagnostics: null,
    usage: noUsage,
  };
  const events = [
    { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: ending, usage: noTokens },
    { type: 'message_stop' },
  ];
  return { json: message, events: events.map((event) => [event.type, JSON.stringify(event)]) };
};

const noTokens = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 0,
  output_tokens_details: null,
  server_tool_use: null,
};

const noUsage = {
  ...noTokens,
  cache_creation: null,
  inference_geo: null,
  service_tier: null,
  speed: null,
};
