import { describe, expect, test } from '@jest/globals';
import {
  allow,
  ask,
  call,
  deny,
  finalResponse,
  text,
  useCheckedBench,
  type Json,
} from '../../support/checked-bench.ts';

const bench = useCheckedBench();

/** The items of the model's conversation, as the Responses API writes them. */
function inputOf(index: number): readonly Json[] {
  return bench.upstream.requests[index]?.json?.['input'] as readonly Json[];
}

describe('what the provider keeps', () => {
  test('a conversation of its own gets the outputs alone: it has the calls already [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers([call('rm', 'c1')], [text('Bye.')]);
    await ask(bench, 'responses', { conversation: 'conv_1' });
    expect(inputOf(1)).toEqual([{ type: 'function_call_output', call_id: 'c1', output: 'no' }]);
    bench.forgive();
  });

  test('nobody is asked in a conversation of its own: the call is refused, and has its output [HK-2]', async () => {
    bench.decide({ rm: { kind: 'ask', question: 'Run it?', resolve: () => Promise.resolve() } });
    bench.answers([call('rm', 'c1')], [text('Bye.')]);
    const { output } = finalResponse(await ask(bench, 'responses', { conversation: 'conv_1' }));
    expect(JSON.stringify(output)).toContain('Bye.');
    expect(inputOf(1)).toMatchObject([
      {
        type: 'function_call_output',
        call_id: 'c1',
        output: expect.stringContaining('nobody can be asked') as unknown,
      },
    ]);
    bench.forgive();
  });

  test('without a store, reasoning that is not sealed does not go up again [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers([{ kind: 'reasoning', text: 'x', seal: '' }, call('rm', 'c1')], [text('Bye.')]);
    await ask(bench, 'responses', { store: false });
    expect(inputOf(1).map(({ type }) => type)).toEqual([undefined, 'function_call', 'function_call_output']);
  });

  /** Goes on from an answer by its id, as a client does that leaves the conversation to the provider. */
  async function goOn(from: unknown, input: unknown): Promise<Json> {
    const answer = await ask(bench, 'responses', { previous_response_id: from, input });
    // The fake does not know what a provider keeps.
    bench.forgive();
    return finalResponse(answer);
  }

  test('a client that goes on by an id gets on from the round that the provider knows last [HK-2]', async () => {
    bench.decide({ rm: deny('no'), ls: allow });
    bench.answers([call('rm', 'c1')], [call('rm', 'c2'), call('ls', 'c3')], [text('Bye.')]);
    const first = finalResponse(await ask(bench, 'responses'));
    expect(first['id']).toBe('resp_scripted');
    await goOn(first['id'], [{ type: 'function_call_output', call_id: 'c3', output: 'files' }]);
    expect(bench.upstream.requests[2]?.json).toMatchObject({ previous_response_id: 'resp_scripted_1' });
    expect(inputOf(2)).toEqual([
      { type: 'function_call_output', call_id: 'c2', output: 'no' },
      { type: 'function_call_output', call_id: 'c3', output: 'files' },
    ]);
  });

  test.each([
    ['y', undefined],
    ['n', 'STOP'],
    ['rather not', 'To tell you how to proceed'],
  ])('and answers a question the same way: %s [HK-2]', async (word, refusal) => {
    const question = 'Run it?\n\nAllow? (Y)es/(N)o/(A)lways';
    bench.decide({ rm: { kind: 'ask', question, resolve: () => Promise.resolve() }, no: deny('no') });
    bench.answers([call('no', 'c1'), call('rm', 'c2')], [text('Bye.')]);
    const first = finalResponse(await ask(bench, 'responses'));
    const second = await goOn(first['id'], word);
    if (refusal === undefined) {
      expect(second['output']).toMatchObject([{ type: 'function_call', name: 'rm', call_id: 'c2' }]);
      await goOn(second['id'], [{ type: 'function_call_output', call_id: 'c2', output: 'gone' }]);
    }
    expect(bench.upstream.requests).toHaveLength(2);
    expect(bench.upstream.requests[1]?.json).toMatchObject({ previous_response_id: 'resp_scripted' });
    const output = refusal === undefined ? 'gone' : (expect.stringContaining(refusal) as unknown);
    expect(inputOf(1)).toEqual([
      { type: 'function_call_output', call_id: 'c1', output: 'no' },
      { type: 'function_call_output', call_id: 'c2', output },
      ...(word === 'rather not' ? [{ role: 'user', content: word }] : []),
    ]);
  });

  test('an answer is gone on from by its id in its own conversation and project alone [HK-2] [SEC-1]', async () => {
    const told: string[] = [];
    const answered = (answer: string): Promise<void> => Promise.resolve(void told.push(answer));
    bench.decide({ rm: { kind: 'ask', question: 'Run it?', resolve: answered } });
    bench.answers([call('rm', 'c1')], [text('Bye.')]);
    const mine = ['x-codex-plus-session', 'mine'];
    const first = finalResponse(await ask(bench, 'responses', {}, mine));
    const go = { previous_response_id: first['id'], input: 'y' };
    for (const others of [
      ['x-codex-plus-session', 'others'],
      ['x-codex-plus-workspace', '/elsewhere'],
    ]) {
      const { output } = finalResponse(await ask(bench, 'responses', go, others));
      expect(JSON.stringify(output)).toContain('Bye.');
    }
    expect(told).toEqual([]);
    const { output } = finalResponse(await ask(bench, 'responses', go, mine));
    expect([told, output]).toMatchObject([['yes'], [{ type: 'function_call', name: 'rm' }]]);
    bench.forgive();
  });
});
