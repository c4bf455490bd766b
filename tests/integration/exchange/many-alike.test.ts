import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { callClients, type CallClient, type Spoken } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

// Hundreds of requests each.
jest.setTimeout(120_000);

/** More than are told apart. */
const many = 100;
const prompt: Spoken = ['user', 'go on'];
const stop = expect.stringContaining('STOP') as unknown;

function rm(which: number, args: object = {}) {
  return call('exec_command', `c${which}`, { cmd: 'rm x', ...args });
}

/** A client without ids of its own, in one conversation with all the others. */
function client(): CallClient {
  const headers = { 'x-codex-plus-workspace': bench.workspace, 'x-codex-plus-session': 's' };
  return callClients(bench.middleware.url, headers)[1]!();
}

/** Has many clients ask about calls, one after the other; resolves with the first of them. */
async function firstOfMany(args: (which: number) => object): Promise<CallClient> {
  const asked = Array.from({ length: many }, (_, which) => [rm(which, args(which))]);
  bench.answers(...asked, [text('Well.')]);
  const first = client();
  await first.tell([prompt], false);
  for (let which = 1; which < many; which += 1) await client().tell([prompt], false);
  return first;
}

beforeEach(() => bench.hooks({}, undefined, { permissions: { ask: ['Bash(rm:*)'] } }));

describe('of many answers to the same words that ask', () => {
  test('the newest has its call and its no where they were, however many there were before [SEC-1]', async () => {
    bench.upstream.use((_seen, index) => ({
      kind: 'answer',
      turn: index,
      items: index % 2 === 0 ? [rm(index / 2)] : [text('Then not.')],
    }));
    const one = client();
    for (let turn = 0; turn < many; turn += 1) {
      await one.tell([prompt], false);
      await one.tell([['user', 'n']], false);
      const id = `c${turn}`;
      const newest = [prompt, ['call', 'exec_command', { cmd: 'rm x' }, id], ['output', id, stop]];
      expect(bench.sent(-1).slice(-3)).toEqual(newest);
    }
    const ids = bench.sent(-1).flatMap((spoken) => (spoken[0] === 'call' ? [spoken[3]] : []));
    expect(ids).toEqual(Array.from({ length: 64 }, (_, turn) => `c${many - 64 + turn}`));
  });

  test('a yes to a call that is forgotten is not for one of the others [SEC-1]', async () => {
    const first = await firstOfMany((which) => ({ max_output_tokens: which === 0 ? 5 : 500 }));
    const { spoken } = await first.tell([['user', 'y']], false);
    expect(spoken).toEqual([['text', 'Well.']]);
    expect(JSON.stringify(bench.sent(-1))).toContain('Make the call again');
    bench.answers([rm(many)]);
    expect((await first.tell([['user', 'more']], false)).spoken[0]).toEqual([
      'text',
      expect.stringContaining('Allow?'),
    ]);
    expect((await first.tell([['user', 'y']], false)).spoken).toEqual([
      ['call', 'exec_command', { cmd: 'rm x' }, `c${many}`],
    ]);
  });

  test('a yes releases a call where all that are forgotten are the same [SEC-1]', async () => {
    const first = await firstOfMany(() => ({}));
    const { spoken } = await first.tell([['user', 'y']], false);
    expect(spoken).toEqual([['call', 'exec_command', { cmd: 'rm x' }, expect.stringMatching(/^c/)]]);
  });

  test.each([
    ['n', ['output', 'c0', stop]],
    ['y', ['output', 'c0', 'gone']],
  ])(
    'what came of the first, which asks in other words, by a %s is put back [SEC-1]',
    async (word, output) => {
      const first = await firstOfMany((which) => ({ cmd: `rm ${which}` }));
      await first.tell([['user', word]], false);
      if (word === 'y') await first.tell([['output', 'c0', 'gone']], false);
      expect(bench.sent(-1)).toEqual([prompt, ['call', 'exec_command', { cmd: 'rm 0' }, 'c0'], output]);
    },
  );
});
