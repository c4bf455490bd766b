import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { eventFrame } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import { claude } from '../../support/strict/models.ts';

const names = new ToolNames([]);
function read(...events: readonly JsonObject[]): readonly AnswerEvent[] {
  const reader = messagesProvider.openReader(names, claude({}));
  return events.flatMap((event) => reader.read(eventFrame(event)));
}
const start = (index: number, content_block: JsonObject): JsonObject => ({
  ...{ type: 'content_block_start', index, content_block },
});
const delta = (index: number, text: string): JsonObject => ({
  ...{ type: 'content_block_delta', index, delta: { type: 'text_delta', text } },
});
const stop = (index: number): JsonObject => ({ type: 'content_block_stop', index });
const text = { type: 'text', text: '' };

test.each([{ type: 'thinking', thinking: 'hm', signature: '' }, { type: 'redacted_thinking' }])(
  '[RT-4] a thought that was cut off before it was signed is not kept for Claude: %j',
  (block) => {
    expect(read(start(0, block), stop(0)).at(-1)).toEqual({ kind: 'reasoning-end', original: undefined });
  },
);

describe('[RT-4] a stream that mixes its blocks up ends as failed', () => {
  test.each([
    ['two are open at once', [start(0, text), start(1, text)]],
    ['a piece of another one', [start(0, text), delta(1, 'lost')]],
    ['a piece of one that did not begin', [delta(0, 'lost')]],
    ['the end of another one', [start(0, text), stop(1)]],
  ])('%s', (_name, events) => {
    expect(read(...events, delta(0, 'more'))).toEqual([
      {
        kind: 'failed',
        failure: expect.objectContaining({ message: expect.stringMatching(/^the provider's stream /) }),
      },
    ]);
  });
});

describe('[RT-4] an answer with status 200 that is none', () => {
  const content = [{ type: 'text', text: 'half' }];
  test.each([
    [
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      'overloaded',
      'Overloaded',
    ],
    [{ error: 'out of order' }, 'failed', 'out of order'],
    [{ type: 'message', stop_reason: 'end_turn' }, 'failed', "the provider's answer has no content"],
    [{ type: 'message', content }, 'failed', "the provider's answer does not say why it ended"],
  ])('%j', (answer, kind, message) => {
    expect(messagesProvider.readAnswer(answer, names, claude({}))).toEqual([
      { kind: 'failed', failure: { kind, message, retryAfterSeconds: undefined } },
    ]);
  });
});
