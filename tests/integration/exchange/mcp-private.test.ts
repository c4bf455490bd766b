import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { callCases } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { askingFixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
const secret = 'PLUM-4711';

/** A server behind a program that writes down all that it is sent. */
function overheard(era: 'new' | 'old', file: string): object {
  const { command, args } = askingFixture(era) as { command: string; args: readonly string[] };
  return { command: 'sh', args: ['-c', 'tee "$0" | "$@"', file, command, ...args] };
}

/** Each protocol with each API, half of them as streams. */
const cases = callCases.map((one, index) => [[0, 3, 4].includes(index) ? 'new' : 'old', ...one] as const);

test.each(cases)(
  'what a user says reaches a server of the %s protocol with what the model calls it with and nothing else, %s [MCP-2] [SEC-1]',
  async (era, _api, which, stream) => {
    const file = join(bench.folder, 'heard');
    const mcpServers = { one: overheard(era, file) };
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
    await bench.restart({ CODEX_PLUS_MCP_SAMPLING: 'one' });
    const sampling = {
      messages: [{ role: 'user', content: { type: 'text', text: 'Which?' } }],
      ...{ maxTokens: 50, includeContext: 'allServers' },
    };
    const form = {
      message: 'Which colour?',
      requestedSchema: { type: 'object', properties: { colour: { type: 'string' } }, required: ['colour'] },
    };
    const ask = (id: string, ...questions: readonly object[]) => call('mcp__one__ask', id, { questions });
    bench.answers(
      [ask('c1', sampling)],
      [text('That one.')],
      [ask('c2', form)],
      [text('Hm.'), ask('c3', { ...form, message: `Is it ${secret}?` })],
      [text('Done.')],
    );
    const client = bench.client(which);
    const heard = (): string => readFileSync(file, 'utf8');
    await client.tell([['user', `my word is ${secret}`]], stream);
    await client.tell([['user', 'blue']], stream);
    expect(heard()).toContain('That one.');
    expect(heard()).toContain('blue');
    // The model says it in its last call alone, whose input is what the server is sent.
    const told = heard()
      .split('\n')
      .filter((line) => line.includes(secret));
    expect(told.length).toBeGreaterThan(0);
    expect(told.every((line) => line.includes(`Is it ${secret}?`))).toBe(true);
    expect(heard()).not.toContain('my word is');
  },
);
