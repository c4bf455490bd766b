import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { callCases, type Spoken } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { status, type Step } from '../../support/fake-upstream/step.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const echo = (id: string, said: string) => call('mcp__one__echo', id, { text: said });
const ran = (id: string, said: string): readonly Spoken[] => [
  ['call', 'mcp__one__echo', { text: said }, id],
  ['output', id, said],
];
const busy = status(503, { error: { message: 'busy', type: 'server_error' } });

/** The model's answers in order, whatever they are. */
function answers(...steps: readonly Step[]): void {
  bench.upstream.use((_seen, index) => {
    const step = steps[Math.min(index, steps.length - 1)] ?? busy;
    return step.kind === 'answer' ? { ...step, turn: index } : step;
  });
}

const answer = (...items: Extract<Step, { kind: 'answer' }>['items']): Step => ({ kind: 'answer', items });

describe.each(callCases)(
  '%s [%i], streamed: %s: a call of a tool that ran before its answer broke',
  (_api, which, stream) => {
    test('is known to the model where the client sends the same again, and from then on [MCP-2] [PX-4]', async () => {
      await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
      answers(
        answer(echo('c1', 'four')),
        busy,
        answer(text('Hm.'), echo('c2', 'five')),
        busy,
        answer(text('Done.')),
      );
      const client = bench.client(which);
      const again = async (): Promise<void> => {
        await expect(client.fork().tell([['user', 'go']], stream)).rejects.toThrow();
      };
      await again();
      await again();
      const [first, second] = [ran('c1', 'four'), ran('c2', 'five')];
      expect(bench.sent(2)).toEqual([['user', 'go'], ...first]);
      await client.tell([['user', 'go']], stream);
      const made = bench.sent(-1);
      expect(made.slice(0, 3)).toEqual([['user', 'go'], ...first]);
      expect(made.slice(-2)).toEqual(second);
      await client.tell([['user', 'thanks']], stream);
      expect(bench.sent(-1)).toEqual([...made, ['text', 'Done.'], ['user', 'thanks']]);
    });

    test('is none of another conversation, nor of one in which the user said something else [MCP-2]', async () => {
      await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
      answers(answer(text('Hi.')), answer(echo('c1', 'four')), busy, answer(text('Done.')));
      const client = bench.client(which);
      await client.tell([['user', 'hi']], stream);
      const other = client.fork();
      await expect(client.fork().tell([['user', 'go']], stream)).rejects.toThrow();
      await other.tell([['user', 'go on']], stream);
      expect(bench.sent(-1)).toEqual([
        ['user', 'hi'],
        ['text', 'Hi.'],
        ['user', 'go on'],
      ]);
    });

    test('is known, and which one had only begun, where the client left meanwhile [MCP-2]', async () => {
      await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
      const file = join(bench.folder, 'never');
      const metrics = async () => await (await fetch(`${bench.middleware.url}/metrics`)).text();
      answers(answer(echo('c1', 'four'), call('mcp__one__wait', 'c2', { file })), answer(text('Done.')));
      const leaving = new AbortController();
      const left = expect(
        bench.client(which, leaving.signal).tell([['user', 'go']], stream),
      ).rejects.toThrow();
      await until(() => existsSync(`${file}-awaited`));
      await until(async () =>
        (await metrics()).includes('codex_plus_mcp_calls_total{outcome="ok",server="one"} 1'),
      );
      leaving.abort();
      await left;
      await until(async () =>
        (await metrics()).includes('codex_plus_mcp_calls_total{outcome="aborted",server="one"} 1'),
      );
      await bench.client(which).tell([['user', 'go']], stream);
      const [said, output] = ran('c1', 'four');
      expect(bench.sent(-1)).toEqual([
        ['user', 'go'],
        said,
        ['call', 'mcp__one__wait', { file }, 'c2'],
        output,
        ['output', 'c2', expect.stringContaining('begun and given up')],
      ]);
    });
  },
);
