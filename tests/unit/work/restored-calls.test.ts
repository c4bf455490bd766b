import { expect, test } from '@jest/globals';
import { SessionTurns, type HiddenTurn } from '../../../middleware/features/sessions/session-turns.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { restoreCalls } from '../../../middleware/pipeline/request/restore-calls.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { saidKey } from '../../../middleware/protocol/conversation/said-key.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';

const user = { role: 'user', content: 'hi' };

const { request: requestCodec, rounds } = codecOf('messages');
const codec = rounds!;

/** An answer of many pieces, with an output behind them that its client has not got; and the conversation with it. */
function answerOf(pieces: readonly JsonObject[]): { conversation: Conversation; turns: SessionTurns } {
  const turn: HiddenTurn = {
    parts: [
      ...pieces.map((piece) => ({ kind: 'seen' as const, keys: codec.keysOf(piece) })),
      { kind: 'hidden', historyItem: { kind: 'output', item: { type: 'tool_result', content: 'x' } } },
    ],
    ...{ texts: [], asked: undefined, deliveredTexts: [], place: '', behind: '', isBroken: false },
  };
  const turns = new SessionTurns(1e9, () => undefined);
  turns.keep(turn, saidKey(user));
  const items = [user, { role: 'assistant', content: pieces }, user];
  const json = Buffer.from(JSON.stringify({ model: 'm', [requestCodec.itemsKey]: items }));
  const head = { model: 'm', stream: true };
  const request = {
    api: 'messages',
    path: '/',
    headers: [],
    raw: json,
    contentEncoding: undefined,
    json,
    head,
  } as const;
  return { conversation: Conversation.of(request)!, turns };
}

for (const [what, textAt] of [
  ['different', (index: number) => `t${index}`],
  ['alike', () => 'same'],
] as const) {
  test(`an answer with many pieces that are ${what} is put back with work that grows no faster than it does`, () =>
    growsLinearly(
      (size) => answerOf(Array.from({ length: size }, (_, index) => ({ type: 'text', text: textAt(index) }))),
      ({ conversation, turns }) => {
        expect(restoreCalls(conversation, { api: 'messages', codec, turns }).conversation).not.toBe(
          conversation,
        );
      },
      // Reading the conversation costs more than the rest until it is long.
      1_000,
      16,
    ));
}
