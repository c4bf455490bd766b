import { beforeEach, describe, expect, test } from '@jest/globals';
import { callCases, type CallClient, type Spoken } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

describe.each(callCases)('two branches behind one question, %s [%i], streamed: %s', (_api, which, stream) => {
  let one: CallClient;
  let other: CallClient;
  const prompt: Spoken = ['user', 'clean up'];
  const rm: Spoken = ['call', 'exec_command', { cmd: 'rm x' }, 'c1'];
  const done: Spoken = ['output', 'c1', 'done'];
  const stop = ['output', 'c1', expect.stringContaining('STOP')];
  const said: readonly Spoken[] = [
    ['text', 'Well.'],
    ['user', 'more'],
  ];

  beforeEach(async () => {
    await bench.hooks({}, undefined, { permissions: { ask: ['Bash(rm:*)'] } });
    bench.answers([call('exec_command', 'c1', { cmd: 'rm x' })], [text('Well.')]);
    one = bench.client(which);
    await one.tell([prompt], stream);
    other = one.fork();
  });

  const allow = async (client: CallClient): Promise<void> => {
    expect((await client.tell([['user', 'y']], stream)).spoken).toEqual([rm]);
    await client.tell([done], stream);
    expect(bench.sent(-1)).toEqual([prompt, rm, done]);
  };

  const goesOn = async (client: CallClient, known: readonly unknown[]): Promise<void> => {
    await client.tell([['user', 'more']], stream);
    expect(bench.sent(-1)).toEqual([...known, ...said]);
  };

  test('keep a yes and a no, each its own [HK-2] [SEC-1]', async () => {
    await allow(one);
    await other.tell([['user', 'n']], stream);
    expect(bench.sent(-1)).toEqual([prompt, rm, stop]);
    await goesOn(one, [prompt, rm, done]);
    await goesOn(other, [prompt, rm, stop]);
  });

  test('keep another message and a yes, whichever comes first [HK-2] [SEC-1]', async () => {
    const refusal = ['output', 'c1', expect.stringContaining('the user says what follows')];
    const known = [prompt, rm, refusal, ['user', 'rather not']];
    await other.tell([['user', 'rather not']], stream);
    expect(bench.sent(-1)).toEqual(known);
    await allow(one);
    await goesOn(other, known);
    await goesOn(one, [prompt, rm, done]);
  });

  test('a call whose output comes after the other branch refused it has no other [HK-2]', async () => {
    expect((await one.tell([['user', 'y']], stream)).spoken).toEqual([rm]);
    await other.tell([['user', 'n']], stream);
    await one.tell([done], stream);
    expect(bench.sent(-1)).toEqual([prompt, rm, done]);
  });
});
