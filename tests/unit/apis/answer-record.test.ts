import { describe, expect, test } from '@jest/globals';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { AnswerRecord } from '../../../middleware/pipeline/answer/answer-record.ts';
import type { CallResolution } from '../../../middleware/pipeline/answer/resolve-call.ts';
import { chainKey } from '../../../middleware/pipeline/chained-request.ts';
import type { RoundCodec } from '../../../middleware/protocol/apis/round-codec.ts';
import { chatRounds } from '../../../middleware/protocol/apis/chat/rounds.ts';
import { responsesRounds } from '../../../middleware/protocol/apis/responses/rounds.ts';
import { questionKey, saidKey } from '../../../middleware/protocol/conversation/said-key.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

const prompt = { role: 'user', content: 'hi' };
const head = { model: 'm', id: 'x1', nowSeconds: 1, includeUsage: false };
const call = { type: 'function_call', id: 'f1', call_id: 'c1', name: 'rm', arguments: '{}' };
const hidden: CallResolution = { kind: 'refused', output: 'no' };

function exchange(stream = true): Exchange {
  return exchangeWith({ body: { model: 'm', stream, input: [prompt], messages: [prompt] } });
}

interface Bench {
  readonly sessions: Sessions;
  readonly record: AnswerRecord;
  readonly one: Exchange;
  /** Takes a round whose first item, a call, was decided so. */
  readonly take: (answer: JsonObject, resolution?: CallResolution) => ReturnType<AnswerRecord['take']>;
}

function bench(codec: RoundCodec = responsesRounds, one = exchange(), sessions = new Sessions()): Bench {
  const record = new AnswerRecord(one, codec, sessions, head);
  return {
    ...{ sessions, record, one },
    take: (answer, resolution) =>
      record.take(
        codec.readAnswer(answer, () => false),
        new Map(resolution === undefined ? [] : [['0', resolution]]),
      ),
  };
}

const message = (id: string, content: string): JsonObject => ({
  ...{ type: 'message', role: 'assistant', id, content },
});
const round = (id: string, ...output: readonly JsonObject[]): JsonObject => ({ id, output });
const inputOf = ({ json }: Exchange['request']): readonly JsonObject[] =>
  (JSON.parse(json.toString()) as { input: readonly JsonObject[] }).input;

describe('what an answer came to', () => {
  test('is not remembered where the client has seen all of it, changed or not [HK-2] [PX-2]', () => {
    for (const input of [undefined, '{"a":1}']) {
      const { record, sessions, take } = bench();
      take(round('r1', call), { kind: 'released', input });
      record.remember();
      expect([sessions.find('responses-s'), record.mayGoOn]).toEqual([undefined, false]);
    }
    const { record, sessions, take } = bench();
    take(round('r1', call), hidden);
    record.remember();
    const turn = sessions.find('responses-s')?.turns.behind(saidKey(prompt))[0];
    expect(turn?.parts.map(({ kind }) => kind)).toEqual(['hidden', 'hidden']);
  });

  test('is one turn over all of its rounds, and the model knows all of it but our words [HK-2]', () => {
    const { record, sessions, take, one } = bench();
    const [first, second] = [message('a', 'one'), message('b', 'two')];
    const again = take(round('r1', call, first), hidden);
    const output = { type: 'function_call_output', call_id: 'c1', output: 'no' };
    expect(again.kind === 'again' && inputOf(again.request)).toEqual([prompt, call, first, output]);
    expect(take(round('r2', second))).toEqual({ kind: 'over', say: undefined });
    expect(record.lastText).toBe('two');
    const goesOn = record.goOn(['go on']);
    const { item: words } = responsesRounds.words('go on');
    expect(inputOf(goesOn)).toEqual([prompt, call, first, output, second, words]);
    expect(record.lastText).toBe('');
    expect(take(round('r3', message('c', 'three')))).toEqual({ kind: 'over', say: undefined });
    record.say({ head, text: 'says' });
    record.remember();
    const turns = sessions.find('responses-s')?.turns.behind(saidKey(prompt)) ?? [];
    const kinds = ['hidden', 'seen', 'hidden', 'seen', 'hidden', 'seen', 'ours'];
    expect(turns.map(({ parts }) => parts.map(({ kind }) => kind))).toEqual([kinds]);
    const other = bench(responsesRounds, one, sessions);
    other.take(round('r4', call), hidden);
    other.record.remember();
    expect(sessions.find('responses-s')?.turns.behind(saidKey(prompt))).toHaveLength(2);
  });

  test('ends with a question, known by all of the text that its client has [HK-2]', () => {
    const { record, sessions, take } = bench(chatRounds);
    const tools = [{ id: 'c1', type: 'function', function: { name: 'rm', arguments: '{}' } }];
    const said = { role: 'assistant', content: 'Let me see.', tool_calls: tools };
    const content = chatRounds.readAnswer({ choices: [{ message: said }] }, () => false);
    const answered = (): Promise<void> => Promise.resolve();
    const asking = { kind: 'ask', question: 'May I?', resolve: answered, input: undefined } as const;
    const after = record.take(content, new Map([['1', asking]]));
    expect(after).toEqual({ kind: 'over', say: { head, text: 'May I?' } });
    expect([record.isAsking, record.mayGoOn]).toEqual([true, false]);
    record.remember();
    const [turn] = sessions.find('responses-s')?.turns.asking(questionKey('Let me see.\n\nMay I?')) ?? [];
    expect(turn).toMatchObject({ texts: ['Let me see.', 'May I?'], asked: { resolve: answered } });
    expect(take).toBeDefined();
  });

  test('has the calls in it that ran where it broke, one that waits for its user as well [MCP-2] [PX-4]', () => {
    const { record, sessions } = bench();
    const { items } = responsesRounds.readAnswer(round('r1', call), () => false);
    const left: string[] = [];
    const goOn = (): Promise<never> => Promise.reject(new Error('nobody answers'));
    const waits = {
      kind: 'waits',
      asks: 'Which?',
      goOn,
      over: () => undefined,
      hasEnded: () => false,
      leave: () => left.push('c1'),
    } as const;
    record.breakOff(items, new Map([['0', waits]]));
    const [turn] = sessions.find('responses-s')?.turns.behind(saidKey(prompt)) ?? [];
    expect([left, turn?.isBroken]).toEqual([['c1'], true]);
    expect(turn?.parts).toEqual([
      { kind: 'hidden', historyItem: { kind: 'said', item: call } },
      {
        kind: 'hidden',
        historyItem: expect.objectContaining({
          item: expect.objectContaining({ call_id: 'c1', output: expect.stringContaining('given up') }),
        }),
      },
    ]);
  });

  test('has a call in it that asks its user something where the question did not get to the client, and the call is ended [MCP-2] [PX-4]', () => {
    for (const isGiven of [false, true]) {
      const { record, sessions, take } = bench();
      const left: string[] = [];
      const goOn = (): Promise<never> => Promise.reject(new Error('nobody answers'));
      const waits = { asks: 'Which?', goOn, over: () => undefined, hasEnded: () => false };
      const asks = { ...waits, leave: () => left.push('c1') };
      take(round('r1', call), { kind: 'waits', ...asks });
      if (isGiven) record.questionGiven();
      record.breakOff([], new Map());
      const [turn] = sessions.find('responses-s')?.turns.behind(saidKey(prompt)) ?? [];
      const kinds = turn?.parts.map(({ kind }) => kind);
      expect([left, turn?.isBroken, turn?.asked !== undefined, kinds]).toEqual(
        isGiven ? [[], false, true, ['ours']] : [['c1'], true, false, ['hidden', 'hidden']],
      );
    }
  });

  test('is known by the texts that the client has, unless they are other pieces now [HK-2] [HK-6]', () => {
    const { record, sessions, take } = bench();
    const given = ['ONE', 'TWO'].map((content, index) => message(`m${index}`, content));
    take(round('r1', call, message('m0', 'one')), hidden);
    record.given(given);
    expect(sessions.find('responses-s')).toBeUndefined();
    take(round('r2', message('m1', 'two')));
    record.remember();
    record.given(given.slice(0, 1));
    const turn = sessions.find('responses-s')?.turns.behind(saidKey(prompt))[0];
    expect(turn?.deliveredTexts).toEqual([]);
    record.given(given);
    const told = [
      ['ONE', 'one'],
      ['TWO', 'two'],
    ] as const;
    expect(turn?.deliveredTexts).toEqual(told);
  });

  test('is known by its other texts where one has become empty [HK-2] [HK-6]', () => {
    const { record, sessions, take } = bench();
    take(round('r1', call, message('m0', 'one')), hidden);
    take(round('r2', message('m1', 'two')));
    record.remember();
    record.given([message('m0', ''), message('m1', 'TWO')]);
    const turn = sessions.find('responses-s')?.turns.behind(saidKey(prompt))[0];
    expect(turn?.deliveredTexts).toEqual([
      ['', 'one'],
      ['TWO', 'two'],
    ]);
  });

  test('is a stream with the id that it began with, any other answer has its last one [HK-2]', () => {
    for (const [stream, id] of [
      [true, 'r1'],
      [false, 'r2'],
    ] as const) {
      const { record, sessions, take, one } = bench(responsesRounds, exchange(stream));
      take(round('r1', call), hidden);
      take(round('r2', message('m', 'text')));
      record.remember();
      expect(sessions.chained.get(chainKey(one, id))).toMatchObject({ id: 'r2', from: 2 });
    }
  });
});
