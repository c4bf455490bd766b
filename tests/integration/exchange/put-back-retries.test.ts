import { describe, expect, test } from '@jest/globals';
import { callCases } from '../../support/call-clients.ts';
import { status, type Item } from '../../support/fake-upstream/step.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

describe('a request that is sent again', () => {
  const bench = useWholeBench();
  const text = (words: string): Item => ({ kind: 'text', text: words });
  const call = (callId: string): Item => ({ kind: 'call', name: 'rm', arguments: {}, callId });

  test.each(callCases)(
    'after an answer that broke, of %s (client %i, streamed: %s): the model gets what belongs to the answer that was given [HK-1] [HK-2]',
    async (_api, which, stream) => {
      const untilDone = `grep -q 'all done' || { echo "go on" >&2; exit 2; }`;
      await bench.hooks({ Stop: untilDone }, 'home/.claude/settings.json', { permissions: { deny: ['rm'] } });
      const broken = status(500, { error: { message: 'no' } });
      bench.answers([text('So.')], broken, [call('c1')], [text('So.')], [text('all done')]);
      const ask = [['user', 'work']] as const;
      await expect(bench.client(which).tell(ask, stream)).rejects.toThrow();
      const client = bench.client(which);
      await client.tell(ask, stream);
      const heard = bench.sent(-1);
      expect(heard.map(([kind]) => kind)).toEqual(['user', 'call', 'output', 'text', 'user']);
      await client.tell([['user', 'thanks']], stream);
      expect(bench.sent(-1)).toEqual([...heard, ['text', 'all done'], ['user', 'thanks']]);
    },
  );
});
