import { chainKey } from '../../../middleware/pipeline/chained-request.ts';
import { expect, test } from '@jest/globals';
import { HiddenTurns } from '../../../middleware/features/sessions/hidden-turns.ts';
import { ExchangeRecord } from '../../../middleware/kernel/exchange-record.ts';
import { ExchangeState } from '../../../middleware/kernel/exchange-state.ts';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import { AnswerTurns, type AnswerPiece } from '../../../middleware/pipeline/answer/answer-turns.ts';
import { questionKey, saidKey } from '../../../middleware/protocol/conversation/said-key.ts';
import { chatRounds } from '../../../middleware/protocol/apis/chat/rounds.ts';
import { responsesRounds } from '../../../middleware/protocol/apis/responses/rounds.ts';
import { collectedLog } from '../../support/collected-log.ts';

const prompt = { role: 'user', content: 'hi' };

function exchange(stream = true): Exchange {
  const json = Buffer.from(JSON.stringify({ model: 'm', input: [prompt], messages: [prompt] }));
  const request: Exchange['request'] = {
    ...{ api: 'responses', path: '/', headers: [], raw: json, contentEncoding: undefined, json },
    head: { model: 'm', stream },
  };
  return {
    ...{ id: 'x', startedAt: 0, signal: new AbortController().signal, log: collectedLog().log },
    client: { kind: 'other', version: undefined },
    caller: { kind: 'local' },
    turn: { kind: 'user', sessionId: 's1', turnId: undefined, isOneShot: false },
    ...{ received: request, request, state: new ExchangeState(), record: new ExchangeRecord() },
  };
}

function parts(): { readonly memory: HiddenTurns; readonly turns: AnswerTurns } {
  const memory = new HiddenTurns();
  return { memory, turns: new AnswerTurns(memory) };
}

const message = (id: string, content: string): object => ({
  type: 'message',
  role: 'assistant',
  id,
  content,
});
const seen = (item: object): AnswerPiece => ({
  parts: [{ kind: 'seen', keys: responsesRounds.keysOf({ ...item }) }],
  shown: [{ ...item }],
});
const words = responsesRounds.words('go on');

test('an answer is one turn, whoever adds to it, and the model knows all of it but our words [HK-2]', () => {
  const { memory, turns } = parts();
  const one = exchange();
  const [first, second, ours] = [message('a', 'one'), message('b', 'two'), message('c', 'says')];
  expect([turns.count(one), turns.historyItems(one, 0), turns.isAsking(one)]).toEqual([0, [], false]);
  turns.add(one, responsesRounds, seen(first));
  turns.add(one, responsesRounds, { parts: [{ kind: 'hidden', historyItem: words }], shown: [] });
  turns.add(one, responsesRounds, seen(second));
  turns.add(one, responsesRounds, { parts: [{ kind: 'ours', keys: ['id c'] }], shown: [{ ...ours }] });
  expect(turns.count(one)).toBe(4);
  const said = { kind: 'said', item: second };
  expect(turns.historyItems(one, 0)).toEqual([{ kind: 'said', item: first }, words, said]);
  expect(turns.historyItems(one, 2)).toEqual([said]);
  expect(memory.find('s1')?.behind.get(saidKey(prompt))).toHaveLength(1);
  turns.add(exchange(), responsesRounds, seen(first));
  expect(memory.find('s1')?.behind.get(saidKey(prompt))).toHaveLength(2);
});

test('a question is known by all of the text that its client has [HK-2]', () => {
  const { memory, turns } = parts();
  const one = exchange();
  const asked = { item: {}, said: [], outputs: [], answered: () => Promise.resolve(), outcome: undefined };
  const [text, question] = ['Let me see.', 'May I?'].map((content) => ({ role: 'assistant', content }));
  turns.add(one, chatRounds, { parts: [{ kind: 'seen', keys: [] }], shown: [text!] });
  expect(turns.isAsking(one)).toBe(false);
  turns.add(one, chatRounds, { parts: [{ kind: 'ours', keys: [] }], shown: [question!], asked });
  expect(turns.isAsking(one)).toBe(true);
  const turn = memory.find('s1')?.asking.get(questionKey('Let me see.\n\nMay I?'));
  expect(turn).toMatchObject({ texts: ['Let me see.', 'May I?'], asked });
});

test('texts that the client has in other words are known by these, unless they are other pieces now [HK-2] [HK-6]', () => {
  const { memory, turns } = parts();
  const one = exchange();
  const given = ['ONE', 'TWO'].map((content, index) => ({ ...message(`m${index}`, content) }));
  turns.told(one, responsesRounds, given);
  expect(memory.isUsed).toBe(false);
  turns.add(one, responsesRounds, seen(message('m0', 'one')));
  turns.add(one, responsesRounds, seen(message('m1', 'two')));
  turns.told(one, responsesRounds, given.slice(0, 1));
  const turn = memory.find('s1')?.behind.get(saidKey(prompt))?.[0];
  expect(turn?.told).toEqual(new Map());
  turns.told(one, responsesRounds, given);
  const told = [
    ['ONE', 'one'],
    ['TWO', 'two'],
  ] as const;
  expect(turn?.told).toEqual(new Map(told));
});

test('a stream keeps the id that it began with, any other answer has its last one [HK-2]', () => {
  for (const [stream, id] of [
    [true, 'r1'],
    [false, 'r2'],
  ] as const) {
    const { memory, turns } = parts();
    const one = exchange(stream);
    const round = (chainId: string): AnswerPiece => ({
      ...seen(message(chainId, chainId)),
      clientId: chainId,
      chain: { id: chainId, from: 1 },
    });
    turns.add(one, responsesRounds, round('r1'));
    turns.add(one, responsesRounds, round('r2'));
    expect(memory.chained(chainKey(one, id))).toMatchObject({ id: 'r2', from: 2 });
  }
});
