import { describe, expect, test } from '@jest/globals';
import { callCases } from '../../support/call-clients.ts';
import type { Item } from '../../support/fake-upstream/step.ts';
import { contextOf } from '../../support/hook-bench.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const turns = 20;

/**
 * Has every prompt answered by a call that is refused and by the same word; resolves with the calls that the model
 * knows of at the end.
 */
async function knownCalls(which: number, stream: boolean, words: (turn: number) => string): Promise<unknown> {
  bench.upstream.use((_seen, index): { kind: 'answer'; items: readonly Item[]; turn: number } => ({
    kind: 'answer',
    turn: index,
    items:
      index % 2 === 0
        ? [{ kind: 'call', name: 'rm', arguments: {}, callId: `c${index / 2}` }]
        : [{ kind: 'text', text: 'No.' }],
  }));
  const client = bench.client(which);
  for (let turn = 0; turn < turns; turn += 1) await client.tell([['user', words(turn)]], stream);
  return bench.sent(-1).flatMap((spoken) => (spoken[0] === 'call' ? [spoken[3]] : []));
}

const all = Array.from({ length: turns }, (_, turn) => `c${turn}`);
const denied = ['home/.claude/settings.json', { permissions: { deny: ['rm'] } }] as const;

describe('a long conversation has every refused call in its place again, for', () => {
  test.each(callCases)(
    '%s (client %i, streamed: %s), where a hook says the same behind every prompt [HK-1] [HK-2]',
    async (_api, which, stream) => {
      await bench.hooks(
        { UserPromptSubmit: `echo '${contextOf('UserPromptSubmit', 'be kind')}'` },
        ...denied,
      );
      expect(await knownCalls(which, stream, (turn) => `prompt ${turn}`)).toEqual(all);
    },
  );

  test.each(callCases)(
    '%s (client %i, streamed: %s), where the user says the same every time [HK-2]',
    async (_api, which, stream) => {
      await bench.hooks({}, ...denied);
      expect(await knownCalls(which, stream, () => 'go on')).toEqual(all);
    },
  );
});
