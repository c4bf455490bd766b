import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { Usage } from '../../../kernel/usage.ts';
import type { AnswerCodec, FrameWatch } from '../answer-codec.ts';
import { messagesAsStream } from './as-stream.ts';
import { replaceInParts } from '../common/map-objects.ts';
import { addCounts, costAt, countAt, usageAt } from '../common/usage-counts.ts';

// An event's name stands in its `event:` line or as the first "type"; inside a delta's text the quotes would be escaped.
const failure = /(?:^event: ?|"type" ?: ?")error\b/;
const end = /(?:^event: ?|"type" ?: ?")(?:message_stop|error)\b/;
const usage = /(?:^event: ?|"type" ?: ?")message_(?:start|delta)\b/;

// A beginning has the answer's content in it where somebody made a stream of a whole answer.
const silent = /^\s*(?:$|\{\s*"type" ?: ?"(?:ping|message_stop|message_start"(?=.*"content" ?: ?\[\s*\])))/s;

const watch: FrameWatch = {
  isOpening: () => false,
  isTerminal: (prefix) => end.test(prefix),
  isFailure: (prefix) => failure.test(prefix),
  hasUsage: (prefix) => usage.test(prefix),
  mayEndAfter: (data) => end.test(data),
};

export const messagesAnswerCodec: AnswerCodec = {
  textHint: Buffer.from('text_delta'),
  textIn: (event) => {
    const { type, delta } = event;
    if (type !== 'content_block_delta' || !isJsonObject(delta) || delta['type'] !== 'text_delta')
      return undefined;
    if (typeof delta['text'] !== 'string') return undefined;
    return {
      key: String(event['index']),
      text: delta['text'],
      replace: (text) => ({ ...event, delta: { ...delta, text } }),
    };
  },
  wholeTexts: undefined,
  replaceTexts: async (answer, replace) => ({
    ...answer,
    content: await replaceInParts(answer['content'], 'text', replace),
  }),
  asStream: messagesAsStream,
  watch,
  isSilent: (data) => silent.test(data),
  usageIn: (event) => usageAt(event) ?? usageAt(event['message']),
  // The input is told at the start, the output at the end.
  joinUsage: addCounts,
  countUsage,
};

/** What came from the cache and what went into it is counted apart; elsewhere both are part of the input. */
function countUsage(counts: JsonObject): Usage {
  const cached = countAt(counts, 'cache_read_input_tokens');
  return {
    inputTokens: countAt(counts, 'input_tokens') + cached + countAt(counts, 'cache_creation_input_tokens'),
    cachedInputTokens: cached,
    outputTokens: countAt(counts, 'output_tokens'),
    reasoningTokens: countAt(counts['output_tokens_details'], 'thinking_tokens'),
    costUsd: costAt(counts),
  };
}
