import { describe, expect, test } from '@jest/globals';
import { callCases, type CallClient, type Said, type Spoken } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const askLine = /\n\nAllow\? \(Y\)es\/\(N\)o\/\(A\)lways$/;

function words({ spoken }: Said): string {
  return spoken.map(([, said]) => said).join(' ');
}

async function asks(...ask: readonly string[]): Promise<void> {
  await bench.file('home/.claude/settings.json', JSON.stringify({ permissions: { ask } }));
}

describe.each(callCases)(
  'a command of ours behind "Allow?", %s (client %i, streamed: %s)',
  (_api, which, stream) => {
    let client: CallClient;
    const tell = async (said: string): Promise<string> => words(await client.tell([['user', said]], stream));

    /** Has two commands answered, each with the question below it, and the model hear of neither. */
    async function askedTwice(still: RegExp): Promise<void> {
      const { length } = bench.upstream.requests;
      const helped = await tell('/help');
      expect(helped).toContain('/status');
      expect(helped).toMatch(still);
      expect(helped).toMatch(askLine);
      const listed = await tell('/mcp list');
      expect(listed).toMatch(still);
      expect(listed).toMatch(askLine);
      expect(listed).not.toContain('/status');
      expect(bench.upstream.requests).toHaveLength(length);
    }

    test('leaves a question about a call of the client waiting [HK-2] [CMD-4]', async () => {
      await asks('rm');
      client = bench.client(which);
      bench.answers([text('I try.'), call('rm', 'c1', { path: 'x' })], [text('Done.')]);
      expect(await tell('go')).toMatch(askLine);
      await askedTwice(/The question about `rm` still waits for your answer:\n\n.*rm/);
      expect((await client.tell([['user', 'y']], stream)).spoken).toEqual([
        ['call', 'rm', { path: 'x' }, 'c1'],
      ]);
      await client.tell([['output', 'c1', 'gone']], stream);
      const known: readonly Spoken[] = [
        ['user', 'go'],
        ['text', 'I try.'],
        ['call', 'rm', { path: 'x' }, 'c1'],
        ['output', 'c1', 'gone'],
      ];
      expect(bench.sent(-1)).toEqual(known);
      await tell('thanks');
      expect(bench.sent(-1)).toEqual([...known, ['text', 'Done.'], ['user', 'thanks']]);
    });

    test('leaves one about a call of ours waiting, also for a no [MCP-2] [CMD-4]', async () => {
      await asks('mcp__one__echo');
      await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
      for (const [word, output] of [
        ['y', 'four'],
        ['n', expect.stringContaining("doesn't want to proceed")],
      ] as const) {
        client = bench.client(which);
        const from = bench.upstream.requests.length;
        bench.upstream.use((_seen, index) => ({
          kind: 'answer',
          items: index === from ? [call('mcp__one__echo', 'c1', { text: 'four' })] : [text('Done.')],
          turn: index,
        }));
        await tell(`go ${word}`);
        await askedTwice(/The question about `mcp__one__echo` still waits for your answer:\n\n/);
        expect(await tell(word)).toBe('Done.');
        expect(bench.sent(-1)).toEqual([
          ['user', `go ${word}`],
          ['call', 'mcp__one__echo', { text: 'four' }, 'c1'],
          ['output', 'c1', output],
        ]);
      }
    });

    test('leaves one about a command of the project waiting [CMD-3] [CMD-4]', async () => {
      await bench.file(
        'project/.claude/commands/count.md',
        '---\nallowed-tools: Bash(echo:*)\n---\nRan: !`echo it`',
      );
      client = bench.client(which);
      bench.answers([text('Ok.')]);
      expect(await tell('/count')).toMatch(askLine);
      await askedTwice(/This still waits for your answer:\n\n/);
      expect(await tell('y')).toBe('Ok.');
      expect(bench.sent(-1)).toEqual([
        ['user', expect.stringContaining('<command-name>/count')],
        ['user', 'Ran: it'],
      ]);
      await tell('thanks');
      expect(bench.sent(-1)).toEqual([...bench.sent(-2), ['text', 'Ok.'], ['user', 'thanks']]);
    });
  },
);
