import type { AnswerCodec, FrameWatch } from '../answer-codec.ts';
import { mapObjects, replaceInParts } from '../common/map-objects.ts';
import { openaiUsage, usageAt } from '../common/usage-counts.ts';
import { wholeTexts } from './whole-texts.ts';

// An event's name stands in its `event:` line or as the first "type"; inside a delta's text the quotes would be escaped.
const begin = /(?:^event: ?|"type" ?: ?")response\.(?:created|queued|in_progress)\b/;
// Codex passes over a bare `error`, and calls again until it reads one of these.
const end = /(?:^event: ?|"type" ?: ?")response\.(?:completed|failed|incomplete)\b/;
const failure = /(?:^event: ?|"type" ?: ?")(?:response\.failed|error)\b/;

const watch: FrameWatch = {
  isOpening: (prefix) => begin.test(prefix),
  isTerminal: (prefix) => end.test(prefix),
  isFailure: (prefix) => failure.test(prefix),
  hasUsage: (prefix) => end.test(prefix),
  mayEndAfter: (data) => end.test(data),
};

export const responsesAnswerCodec: AnswerCodec = {
  textHint: Buffer.from('output_text.delta'),
  textIn: (event) => {
    const { type, item_id: item, content_index: part, delta } = event;
    if (type !== 'response.output_text.delta' || typeof delta !== 'string') return undefined;
    return {
      key: `${String(item)} ${String(part)}`,
      text: delta,
      replace: (text) => ({ ...event, delta: text }),
    };
  },
  wholeTexts,
  replaceTexts: async (answer, replace) => {
    const output = await mapObjects(answer['output'], async (item) => ({
      ...item,
      ...(item['type'] === 'message' && {
        content: await replaceInParts(item['content'], 'output_text', replace),
      }),
    }));
    return { ...answer, output };
  },
  watch,
  // Its ends have the whole answer in them.
  isSilent: (data) => data.trim() === '',
  usageIn: ({ response }) => usageAt(response),
  joinUsage: (_before, now) => now,
  countUsage: (counts) => openaiUsage(counts, 'input', 'output'),
};
