import { beforeEach, describe, expect, test } from '@jest/globals';
import { callCases, callClients, type CallClient, type Spoken } from '../../support/call-clients.ts';
import { ask, call, deny, text, useCheckedBench } from '../../support/checked-bench.ts';
import type { Item } from '../../support/fake-upstream/step.ts';

const bench = useCheckedBench();

let greetings = 0;

describe.each(callCases)('%s [%i], streamed: %s', (api, which, stream) => {
  let client: CallClient;
  /** Every test is a conversation of its own: clients without a session are told apart by how they begin. */
  let hi: Spoken;

  beforeEach(() => {
    client = callClients(bench.middleware.url)[which]!();
    greetings += 1;
    hi = ['user', `hi ${greetings}`];
  });

  /** The texts of one answer: one message in the Chat Completions API, several in the others. */
  function said(...texts: readonly string[]): readonly Spoken[] {
    return api === 'chat' ? [['text', texts.join('\n\n')]] : texts.map((words) => ['text', words]);
  }

  const question = 'The model wants to use rm.\n\nAllow? (Y)es/(N)o/(A)lways';

  /** Asks the user whether `rm` may run; resolves with what `answered` was told. */
  async function asks(...items: readonly Item[]): Promise<string[]> {
    const told: string[] = [];
    bench.decide({
      rm: { kind: 'ask', question, resolve: (answer) => Promise.resolve(void told.push(answer)) },
      no: deny('no'),
    });
    bench.answers(items, [text('Went on.')]);
    const { spoken } = await client.tell([hi], stream);
    const texts = items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
    expect(spoken).toEqual(said(...texts, question));
    expect(bench.upstream.requests).toHaveLength(1);
    return told;
  }

  test.each([
    ['y', 'yes'],
    [' Always ', 'always'],
  ])('a call that the user is asked about reaches the client after "%s" [HK-2]', async (word, answer) => {
    const told = await asks(text('I try.'), call('rm', 'c1', { path: 'x' }));
    const { spoken, tokens } = await client.tell([['user', word]], stream);
    expect(spoken).toEqual([['call', 'rm', { path: 'x' }, 'c1']]);
    expect(tokens).toEqual({ input: 0, output: 0 });
    expect([told, bench.upstream.requests.length]).toEqual([[answer], 1]);
    await client.tell([['output', 'c1', 'gone']], stream);
    const ran: readonly Spoken[] = [
      ['call', 'rm', { path: 'x' }, 'c1'],
      ['output', 'c1', 'gone'],
    ];
    const known = [hi, ['text', 'I try.'], ...ran];
    expect(bench.sent(1)).toEqual(known);
    await client.tell([['user', 'ok']], stream);
    expect(bench.sent(2)).toEqual([...known, ['text', 'Went on.'], ['user', 'ok']]);
  });

  test('a yes counts behind what the client put before it [HK-2]', async () => {
    const told = await asks(call('rm', 'c1', { path: 'x' }));
    const context: Spoken = ['user', '<environment_context>\n  <cwd>/a</cwd>\n</environment_context>'];
    const { spoken } = await client.tell([context, ['user', 'y']], stream);
    expect([told, spoken]).toEqual([['yes'], [['call', 'rm', { path: 'x' }, 'c1']]]);
    await client.tell([['output', 'c1', 'gone']], stream);
    const ran: readonly Spoken[] = [
      ['call', 'rm', { path: 'x' }, 'c1'],
      ['output', 'c1', 'gone'],
    ];
    expect(bench.sent(1)).toEqual([hi, context, ...ran]);
  });

  test('what the user says after going back counts, and not what he said before [HK-2] [SEC-1]', async () => {
    const told = await asks(call('rm', 'c1'));
    const released: readonly Spoken[] = [['call', 'rm', {}, 'c1']];
    expect((await client.tell([['user', 'y']], stream)).spoken).toEqual(released);
    client.goBack();
    expect((await client.tell([['user', 'n']], stream)).spoken).toEqual(said('Went on.'));
    const stop = expect.stringMatching(/STOP/) as unknown;
    expect(bench.sent(1)).toEqual([hi, ...released, ['output', 'c1', stop]]);
    client.goBack();
    await client.tell([['user', 'not now']], stream);
    const refused = ['output', 'c1', expect.stringMatching(/the user says what follows/)];
    expect(bench.sent(2)).toEqual([hi, ...released, refused, ['user', 'not now']]);
    client.goBack();
    expect((await client.tell([['user', 'always']], stream)).spoken).toEqual(released);
    await client.tell([['output', 'c1', 'gone']], stream);
    expect(bench.sent(3)).toEqual([hi, ...released, ['output', 'c1', 'gone']]);
    expect(told).toEqual(['yes', 'no', 'always']);
  });

  test('a yes releases the call as a hook changed it, and the model knows no other [HK-2] [SEC-1]', async () => {
    const updatedInput = { path: 'copy of x' };
    const answered = (): Promise<void> => Promise.resolve();
    bench.decide({ rm: { kind: 'ask', question, resolve: answered, updatedInput } });
    bench.answers([call('rm', 'c1', { path: 'x' })], [text('Went on.')]);
    await client.tell([hi], stream);
    const { spoken } = await client.tell([['user', 'y']], stream);
    expect(spoken).toEqual([['call', 'rm', updatedInput, 'c1']]);
    await client.tell([['output', 'c1', 'gone']], stream);
    expect(bench.sent(1)).toEqual([hi, ['call', 'rm', updatedInput, 'c1'], ['output', 'c1', 'gone']]);
  });

  test('after a no the model gets a refusal, and neither question nor answer [HK-2]', async () => {
    const told = await asks(call('rm', 'c1'));
    const { spoken } = await client.tell([['user', 'n']], stream);
    expect([told, spoken]).toEqual([['no'], said('Went on.')]);
    const known = [
      hi,
      ['call', 'rm', {}, 'c1'],
      ['output', 'c1', expect.stringMatching(/^The user doesn't want to proceed.*STOP/)],
    ];
    expect(bench.sent(1)).toEqual(known);
    await client.tell([['user', 'ok']], stream);
    expect(bench.sent(2)).toEqual([...known, ['text', 'Went on.'], ['user', 'ok']]);
  });

  test('what is hidden behind a refusal is put back behind it [HK-2]', async () => {
    await asks(call('rm', 'c1'));
    bench.answers([], [call('no', 'c2')], [text('Went on.')]);
    await client.tell([['user', 'n']], stream);
    await client.tell([['user', 'ok']], stream);
    expect(bench.sent(3)).toEqual([
      ...[hi, ['call', 'rm', {}, 'c1'], ['output', 'c1', expect.stringContaining('STOP')]],
      ...[
        ['call', 'no', {}, 'c2'],
        ['output', 'c2', 'no'],
        ['text', 'Went on.'],
        ['user', 'ok'],
      ],
    ]);
  });

  test('any other message is a no that the model gets as well [HK-2]', async () => {
    const told = await asks(text('I try.'), call('rm', 'c1'));
    await client.tell([['user', 'rather list them']], stream);
    expect(told).toEqual([]);
    const refusal = expect.stringMatching(/To tell you how to proceed/) as unknown;
    const known = [
      hi,
      ['text', 'I try.'],
      ['call', 'rm', {}, 'c1'],
      ['output', 'c1', refusal],
      ['user', 'rather list them'],
    ];
    expect(bench.sent(1)).toEqual(known);
    await client.tell([['user', 'y']], stream);
    expect(bench.sent(2)).toEqual([...known, ['text', 'Went on.'], ['user', 'y']]);
  });

  test('a question beside refused calls: they stand beside the call once it runs [HK-2]', async () => {
    await asks(call('no', 'c1'), call('rm', 'c2'), call('rm', 'c3'));
    const { spoken } = await client.tell([['user', 'yes']], stream);
    expect(spoken).toEqual([['call', 'rm', {}, 'c2']]);
    await client.tell([['output', 'c2', 'gone']], stream);
    expect(bench.sent(1).slice(0, 4)).toEqual([
      hi,
      ['call', 'no', {}, 'c1'],
      ['call', 'rm', {}, 'c2'],
      ['call', 'rm', {}, 'c3'],
    ]);
    expect(bench.sent(1)).toEqual(
      expect.arrayContaining([
        ['output', 'c1', 'no'],
        ['output', 'c2', 'gone'],
        ['output', 'c3', expect.stringContaining('Make it again by itself')],
      ]),
    );
  });

  test('nobody is asked about a call beside one that stops the turn [HK-2]', async () => {
    const answered = (): Promise<void> => Promise.reject(new Error('nobody was asked'));
    bench.decide({
      rm: { kind: 'ask', question, resolve: answered },
      no: { kind: 'stop', reason: 'Stopped.' },
    });
    bench.answers([call('rm', 'c1'), call('no', 'c2')], [text('Well.')]);
    const { spoken } = await client.tell([hi], stream);
    expect(spoken).toEqual(said('Stopped.'));
    await client.tell([['user', 'y']], stream);
    expect(bench.sent(1).slice(0, 3)).toEqual([hi, ['call', 'rm', {}, 'c1'], ['call', 'no', {}, 'c2']]);
    expect(bench.sent(1).slice(3)).toEqual([
      ['output', 'c1', expect.stringContaining('Make it again by itself')],
      ...[
        ['output', 'c2', 'Stopped.'],
        ['user', 'y'],
      ],
    ]);
  });

  test('while the client has another call to run, one that asks is to be made again alone [HK-2]', async () => {
    bench.decide({ rm: { kind: 'ask', question, resolve: () => Promise.resolve() } });
    bench.answers([call('rm', 'c1'), call('ls', 'c2')], [text('Later.')]);
    const { spoken } = await client.tell([hi], stream);
    expect(spoken).toEqual([['call', 'ls', {}, 'c2']]);
    await client.tell([['output', 'c2', 'files']], stream);
    expect(bench.sent(1)).toContainEqual([
      'output',
      'c1',
      expect.stringContaining('Make it again by itself'),
    ]);
  });

  test('the client’s own words are never taken for ours: a y without a question goes to the model [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers([call('rm', 'c1')], [text('Well?')], [text('Bye.')]);
    await client.tell([hi], stream);
    await client.tell([['user', 'y']], stream);
    expect(bench.sent(2).at(-1)).toEqual(['user', 'y']);
  });
});

test('the user’s word is among the decisions of the request that said it [HK-2]', async () => {
  bench.decide({
    rm: { kind: 'ask', question: 'Run it?\n\nAllow? (Y)es/(N)o/(A)lways', resolve: () => Promise.resolve() },
  });
  bench.answers([call('rm', 'c1')]);
  const session = ['x-codex-plus-session', 'decided'];
  const hello = { role: 'user', content: 'hi' };
  const asked = await ask(bench, 'responses', { stream: false, input: [hello] }, session);
  const first = JSON.parse(asked.body.toString()) as { output: object[] };
  const input = [hello, ...first.output, { role: 'user', content: 'y' }];
  await ask(bench, 'responses', { stream: false, input }, session);
  const { decisions } = bench.middleware.outcomes.at(-1)!;
  expect(decisions).toEqual([{ callId: 'c1', tool: 'rm', verdict: 'allowed', by: 'the user' }]);
});
