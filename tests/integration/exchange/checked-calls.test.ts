import { beforeEach, describe, expect, test } from '@jest/globals';
import { callCases, callClients, type CallClient, type Spoken } from '../../support/call-clients.ts';
import { allow, call, deny, text, useCheckedBench, type Verdict } from '../../support/checked-bench.ts';
import { maxRounds } from '../../support/checked-middleware.ts';
import { scriptedUsage } from '../../support/fake-upstream/shapes.ts';

const bench = useCheckedBench();

const rounds = (count: number): { input: number; output: number } => ({
  input: scriptedUsage.input * count,
  output: scriptedUsage.output * count,
});

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

  test('an allowed call reaches the client as the model made it [HK-2]', async () => {
    bench.decide({ ls: allow });
    bench.answers([text('Look.'), call('ls', 'c1', { path: 'ä' })]);
    const { spoken, tokens } = await client.tell([hi], stream);
    expect(spoken).toEqual([...said('Look.'), ['call', 'ls', { path: 'ä' }, 'c1']]);
    expect(tokens).toEqual(rounds(1));
    expect(bench.upstream.requests).toHaveLength(1);
  });

  test('a refused call never does: the model gets the reason, and the client one answer that goes on [HK-2]', async () => {
    bench.decide({ rm: deny('Permission to use rm has been denied.') });
    bench.answers([text('I try.'), call('rm', 'c1', { path: 'x' })], [text('I cannot.')], [text('Right.')]);
    const { spoken, tokens } = await client.tell([hi], stream);
    expect(spoken).toEqual(said('I try.', 'I cannot.'));
    expect(tokens).toEqual(rounds(2));
    const refused: readonly Spoken[] = [
      hi,
      ['text', 'I try.'],
      ['call', 'rm', { path: 'x' }, 'c1'],
      ['output', 'c1', 'Permission to use rm has been denied.'],
    ];
    expect(bench.sent(1)).toEqual(refused);
    // The next turn: the model still knows what it did and why nothing came of it.
    await client.tell([['user', 'ok']], stream);
    expect(bench.sent(2)).toEqual([...refused, ['text', 'I cannot.'], ['user', 'ok']]);
    await client.tell([['user', 'more']], stream);
    expect(bench.sent(3).slice(0, 6)).toEqual([...refused, ['text', 'I cannot.'], ['user', 'ok']]);
  });

  test('every byte of the request stays when the model is called again, and in the next turn [HK-2] [PX-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers([call('rm', 'c1')], [text('Done.')]);
    await client.tell([hi], stream);
    await client.tell([['user', 'ok']], stream);
    const bodies = bench.upstream.requests.map(({ raw }) => raw.toString());
    const end = bodies[0]!.indexOf(']');
    expect(bodies[1]!.slice(0, end)).toBe(bodies[0]!.slice(0, end));
    const second = bodies[1]!.lastIndexOf(']');
    expect(bodies[2]!.slice(0, second)).toBe(bodies[1]!.slice(0, second));
    expect(bodies[1]!.slice(second)).toBe(bodies[0]!.slice(end));
  });

  test('several rounds are one answer, however often calls are refused [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers([call('rm', 'c1')], [text('Again.'), call('rm', 'c2')], [call('ls', 'c3')]);
    const { spoken, tokens } = await client.tell([hi], stream);
    expect(spoken).toEqual([...said('Again.'), ['call', 'ls', {}, 'c3']]);
    expect(tokens).toEqual(rounds(3));
    bench.answers([text('Bye.')]);
    await client.tell([['output', 'c3', 'files']], stream);
    expect(bench.sent(3)).toEqual([
      hi,
      ...[['call', 'rm', {}, 'c1'] as const, ['output', 'c1', 'no'] as const],
      ['text', 'Again.'],
      ...[['call', 'rm', {}, 'c2'] as const, ['output', 'c2', 'no'] as const],
      ...[['call', 'ls', {}, 'c3'] as const, ['output', 'c3', 'files'] as const],
    ]);
  });

  test('a call that a hook changed reaches the client with its new input only [HK-2]', async () => {
    bench.decide({ Bash: { kind: 'allow', updatedInput: { command: 'ls -l', description: 'ü' } } });
    bench.answers([text('Look.'), call('Bash', 'c1', { command: 'ls' }), call('free', 'c2', { a: 1 })]);
    const { spoken } = await client.tell([hi], stream);
    expect(spoken).toEqual([
      ...said('Look.'),
      ['call', 'Bash', { command: 'ls -l', description: 'ü' }, 'c1'],
      ['call', 'free', { a: 1 }, 'c2'],
    ]);
  });

  test('of several calls those that are refused are put back beside the others, each with its output [HK-2]', async () => {
    bench.decide({ rm: deny('no rm'), ls: allow });
    bench.answers(
      [text('All.'), call('rm', 'c1'), call('ls', 'c2'), call('rm', 'c3'), call('free', 'c4')],
      [text('Seen.')],
    );
    const { spoken } = await client.tell([hi], stream);
    expect(spoken).toEqual([...said('All.'), ['call', 'ls', {}, 'c2'], ['call', 'free', {}, 'c4']]);
    expect(bench.upstream.requests).toHaveLength(1);
    await client.tell(
      [
        ['output', 'c2', 'files'],
        ['output', 'c4', 'freed'],
      ],
      stream,
    );
    expect(bench.sent(1).slice(0, 6)).toEqual([
      ...[hi, ['text', 'All.']],
      ...['c1', 'c2', 'c3', 'c4'].map((id, index) => ['call', ['rm', 'ls', 'rm', 'free'][index], {}, id]),
    ]);
    expect(bench.sent(1).slice(6)).toHaveLength(4);
    expect(bench.sent(1)).toEqual(
      expect.arrayContaining([
        ['output', 'c1', 'no rm'],
        ['output', 'c2', 'files'],
        ['output', 'c3', 'no rm'],
        ['output', 'c4', 'freed'],
      ]),
    );
    await client.tell([['user', 'ok']], stream);
    expect(bench.sent(2).slice(0, 10)).toEqual(bench.sent(1));
  });

  test('several calls are decided at the same time, and keep their order [HK-2]', async () => {
    const begun: string[] = [];
    let finishFirst: (verdict: Verdict) => void = () => undefined;
    bench.decide({
      first: () =>
        new Promise((resolve) => {
          begun.push('first');
          finishFirst = resolve;
        }),
      second: () => {
        begun.push('second');
        finishFirst(allow);
        return allow;
      },
    });
    bench.answers([call('first', 'c1'), call('second', 'c2'), call('free', 'c3')]);
    const { spoken } = await client.tell([hi], stream);
    expect(begun).toEqual(['first', 'second']);
    expect(spoken.map(([, name]) => name)).toEqual(['first', 'second', 'free']);
  });

  test('a call that is not the client’s is answered here, and the client never sees it [HK-2]', async () => {
    bench.decide({});
    bench.run({ own: () => ({ output: 'four', isError: false }) });
    bench.answers([call('own', 'c1', { sum: [2, 2] })], [text('It is four.')]);
    const { spoken } = await client.tell([hi], stream);
    expect(spoken).toEqual(said('It is four.'));
    expect(bench.sent(1)).toEqual([hi, ['call', 'own', { sum: [2, 2] }, 'c1'], ['output', 'c1', 'four']]);
  });

  test('a call of ours runs as it was decided: not where it is refused, and with the input of a hook [HK-2]', async () => {
    const ran: string[] = [];
    bench.decide({
      bad: deny('no'),
      exec_command: { kind: 'allow', updatedInput: { command: 'ls -l' } },
    });
    bench.run({
      bad: (input) => ({ output: (ran.push(input), 'ran'), isError: false }),
      exec_command: (input) => ({ output: (ran.push(input), 'listed'), isError: false }),
    });
    bench.answers([call('bad', 'c1'), call('exec_command', 'c2', { cmd: 'ls' })], [text('Done.')]);
    const { spoken } = await client.tell([hi], stream);
    expect(spoken).toEqual(said('Done.'));
    expect(ran.map((input) => JSON.parse(input) as unknown)).toEqual([{ cmd: 'ls -l' }]);
    expect(bench.sent(1).filter(([kind]) => kind === 'output')).toEqual([
      ['output', 'c1', 'no'],
      ['output', 'c2', 'listed'],
    ]);
  });

  test('a call of ours beside one of the client waits with its output for the client’s next request [HK-2]', async () => {
    bench.decide({});
    bench.run({ own: () => ({ output: 'it failed', isError: true }) });
    bench.answers([call('own', 'c1'), call('free', 'c2')], [text('Done.')]);
    const { spoken } = await client.tell([hi], stream);
    expect(spoken).toEqual([['call', 'free', {}, 'c2']]);
    await client.tell([['output', 'c2', 'yes']], stream);
    expect(bench.upstream.requests).toHaveLength(2);
    expect(
      bench
        .sent(1)
        .filter(([kind]) => kind !== 'user')
        .map(([kind, id]) => [kind, id])
        .toSorted(),
    ).toEqual([
      ['call', 'free'],
      ['call', 'own'],
      ['output', 'c1'],
      ['output', 'c2'],
    ]);
  });

  test('a call that stops the turn is refused, and its reason is the end of the answer [HK-2]', async () => {
    bench.decide({ rm: { kind: 'stop', reason: 'Stopped by a hook.' } });
    bench.answers([text('I try.'), call('rm', 'c1')], [text('Bye.')]);
    const { spoken } = await client.tell([hi], stream);
    expect(spoken).toEqual(said('I try.', 'Stopped by a hook.'));
    expect(bench.upstream.requests).toHaveLength(1);
    await client.tell([['user', 'why?']], stream);
    expect(bench.sent(1)).toEqual([
      ...[hi, ['text', 'I try.'], ['call', 'rm', {}, 'c1']],
      ...[
        ['output', 'c1', 'Stopped by a hook.'],
        ['user', 'why?'],
      ],
    ]);
  });

  test('too many refusals in a row end in an error, not politely [HK-2] [PX-4]', async () => {
    bench.decide({ rm: deny('no: sk-secret', 'deny rule Bash(rm:*) of the user') });
    bench.upstream.use((_seen, index) => ({ kind: 'answer', items: [call('rm', `c${index}`)], turn: index }));
    const failed = await client.tell([hi], stream).then(
      () => undefined,
      (error: unknown) => error as Error & { readonly status?: number },
    );
    expect(failed?.message).toMatch(
      /called 4 times for one answer.*the last one refused was a call of rm: deny rule Bash\(rm:\*\) of the user/,
    );
    expect(failed?.message).not.toContain('sk-secret');
    if (!stream) expect(failed?.status).toBe(400);
    expect(bench.upstream.requests).toHaveLength(maxRounds);
  });

  test('an upstream that does not go on is an error, not a polite end [HK-2] [PX-4]', async () => {
    bench.decide({ rm: deny('no') });
    for (const second of [
      { kind: 'reset' },
      {
        kind: 'bytes',
        status: 400,
        headers: ['content-type', 'application/json'],
        pieces: [Buffer.from('{"error":{"message":"the context is too long"}}')],
      },
    ] as const) {
      bench.upstream.forget();
      bench.upstream.use((_seen, index) =>
        index === 0 ? { kind: 'answer', items: [text('I try.'), call('rm', 'c1')] } : second,
      );
      const failed = client.tell([hi], stream);
      await expect(failed).rejects.toThrow(
        second.kind === 'reset' ? /.+/ : /status 400\): the context is too long/,
      );
    }
  });
});
