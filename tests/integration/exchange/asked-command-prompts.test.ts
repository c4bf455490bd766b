import { beforeEach, describe, expect, test } from '@jest/globals';
import { call, text } from '../../support/checked-bench.ts';
import { callCases, type CallClient } from '../../support/call-clients.ts';
import { contentsFixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

describe.each(callCases)(
  'typed as the answer to "Allow?", %s (client %i, streamed: %s)',
  (_, which, stream) => {
    let client: CallClient;
    const tell = async (said: string): Promise<string> =>
      (await client.tell([['user', said]], stream)).spoken.map(([, words]) => words).join(' ');

    beforeEach(async () => {
      await bench.hooks({}, undefined, { permissions: { ask: ['Bash(rm:*)'] } });
      await bench.file('home/.claude/commands/deploy.md', 'Deploy it.');
      await bench.file(
        'home/.codexplus/mcp.json',
        JSON.stringify({ mcpServers: { notes: contentsFixture() } }),
      );
      client = bench.client(which);
      bench.answers([call('exec_command', 'c1', { cmd: 'rm x' })], [text('Done.')]);
      expect(await tell('clean up')).toContain('Allow?');
    });

    test.each([
      ['a command of a file', '/deploy', 'Deploy it.'],
      ['a prompt of a server', '/mcp__notes__greet Ann', 'Greet Ann.'],
    ])(
      '%s runs, and its user is told that the call was refused [CMD-2] [SEC-1]',
      async (_kind, typed, prompt) => {
        const said = await tell(typed);
        expect(said).toMatch(
          /^Done\.\s+The call of `exec_command` was refused: a command is no answer to the question/,
        );
        expect(JSON.stringify(bench.sent(-1))).toContain(prompt);
        expect(bench.sent(-1)).toContainEqual(['output', 'c1', expect.stringContaining('rejected')]);
        expect(await tell('And now?')).toBe('Done.');
        expect(JSON.stringify(bench.sent(-1))).not.toContain('is no answer');
      },
    );

    test('words that are no command are a no without such a note [SEC-1]', async () => {
      expect(await tell('better not, look at /usr/lib first')).toBe('Done.');
    });
  },
);
