import { describe, expect, test } from '@jest/globals';
import { call, text } from '../../support/checked-bench.ts';
import { callCases, conversationIn, type Spoken } from '../../support/call-clients.ts';
import { status, streams, type Item, type Step } from '../../support/fake-upstream/step.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const tooLong = status(400, {
  error: { message: 'too long', type: 'invalid_request_error', code: 'context_length_exceeded' },
});
const busy = status(503, { error: { message: 'busy', type: 'server_error' } });
const echo = (id: string): Item => call('mcp__one__echo', id, { text: 'LONG' });
const note = expect.stringContaining('not shown') as unknown;
const ask: readonly Spoken[] = [['user', 'go']];
const ran = (id: string, output: unknown = 'LONG') => [
  ['call', 'mcp__one__echo', { text: 'LONG' }, id],
  ['output', id, output],
];

const oneServer = () =>
  bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));

/** A model that calls the tool where it does not know of a call, and whose provider refuses some conversations. */
function refusing(refuses: (heard: readonly Spoken[]) => boolean, refusal: Step = tooLong): void {
  bench.upstream.use((seen, index) => {
    const heard = conversationIn(seen.json);
    if (refuses(heard)) return refusal;
    const isCalled = heard.some(([kind]) => kind === 'call');
    return { kind: 'answer', turn: index, items: [isCalled ? text('Done.') : echo(`c${index}`)] };
  });
}

const saysLong = (heard: readonly Spoken[]) =>
  heard.some(([kind, , said]) => kind === 'output' && said === 'LONG');

describe.each(callCases)(
  '%s [%i], streamed: %s: what is put back of an answer that broke',
  (_api, which, stream) => {
    const again = async (): Promise<unknown> =>
      await bench
        .client(which)
        .tell(ask, stream)
        .catch((error: unknown) => error);

    test('is a note where the provider refused what the tool gave, and the conversation goes on [MCP-2] [PX-4]', async () => {
      await oneServer();
      refusing(saysLong);
      const client = bench.client(which);
      await expect(client.fork().tell(ask, stream)).rejects.toThrow();
      const { spoken } = await client.tell(ask, stream);
      expect(spoken).toEqual([['text', 'Done.']]);
      expect(bench.sent(-1)).toEqual([...ask, ...ran('c0', note)]);
      await client.tell([['user', 'thanks']], stream);
      expect(bench.sent(-1)).toEqual([...ask, ...ran('c0', note), ['text', 'Done.'], ['user', 'thanks']]);
    });

    test('is nothing any more where it is refused as a note as well [MCP-2] [PX-4]', async () => {
      await oneServer();
      refusing((heard) => heard.some(([kind]) => kind === 'call'));
      expect(await again()).toBeInstanceOf(Error);
      expect(await again()).toBeInstanceOf(Error);
      expect(bench.sent(-1)).toEqual([...ask, ...ran('c0', note)]);
      refusing(() => false);
      const { spoken } = await bench.client(which).tell(ask, stream);
      expect(spoken).toEqual([['text', 'Done.']]);
      expect(bench.sent(3)).toEqual(ask);
    });

    test('stays whole where a key, a quota or a busy moment was the reason [MCP-2]', async () => {
      await oneServer();
      bench.answers([echo('c1')], busy, ...[401, 429, 500].map((code) => status(code, {})), [text('Done.')]);
      for (let times = 0; times < 4; times += 1) await again();
      await again();
      expect(bench.sent(-1)).toEqual([...ask, ...ran('c1')]);
    });

    test('is over when a request with it was answered: the same words are a new request then [MCP-2]', async () => {
      await oneServer();
      bench.answers([echo('c1')], busy, [text('Done.')], [echo('c2')], [text('Done again.')], [text('Bye.')]);
      await again();
      const client = bench.client(which);
      await client.tell(ask, stream);
      expect(bench.sent(-1)).toEqual([...ask, ...ran('c1')]);
      const later = bench.client(which);
      await later.tell(ask, stream);
      expect(bench.sent(3)).toEqual(ask);
      expect(bench.sent(4)).toEqual([...ask, ...ran('c2')]);
      // Each goes on with what belongs to its own answer.
      await client.tell([['user', 'thanks']], stream);
      expect(bench.sent(-1)).toEqual([...ask, ...ran('c1'), ['text', 'Done.'], ['user', 'thanks']]);
      await later.tell([['user', 'thanks']], stream);
      expect(bench.sent(-1)).toEqual([...ask, ...ran('c2'), ['text', 'Done again.'], ['user', 'thanks']]);
    });

    test('stays in a conversation that went on behind it, and is in no new one with the same words [MCP-2]', async () => {
      await oneServer();
      bench.answers([echo('c1')], busy, [text('So.')]);
      await again();
      const client = bench.client(which);
      const both: readonly Spoken[] = [...ask, ['user', 'well?']];
      await client.tell(both, stream);
      const heard = bench.sent(-1);
      expect(heard).toHaveLength(4);
      await client.tell([['user', 'thanks']], stream);
      expect(bench.sent(-1)).toEqual([...heard, ['text', 'So.'], ['user', 'thanks']]);
      await again();
      expect(bench.sent(-1)).toEqual(ask);
    });

    test('is no more than the newest of those that were tried in vain [MCP-2] [SEC-1]', async () => {
      await oneServer();
      bench.upstream.use((_seen, index) =>
        index % 2 === 0 ? { kind: 'answer', turn: index, items: [echo(`c${index}`)] } : busy,
      );
      for (let times = 0; times < 20; times += 1) await again();
      const calls = bench.sent(-2).filter(([kind]) => kind === 'call');
      expect(calls).toHaveLength(16);
      expect(calls.at(-1)).toEqual(ran('c36')[0]);
    });
  },
);

test('an answer that says inside that its request is too long is refused as well [MCP-2] [PX-4]', async () => {
  await oneServer();
  const failed = {
    type: 'response.failed',
    response: { id: 'r', status: 'failed', error: { code: 'context_length_exceeded', message: 'no' } },
  };
  refusing(saysLong, streams([`event: response.failed\ndata: ${JSON.stringify(failed)}\n\n`]));
  await expect(bench.client(0).tell(ask, true)).rejects.toThrow();
  const { spoken } = await bench.client(0).tell(ask, true);
  expect(spoken).toEqual([['text', 'Done.']]);
});
