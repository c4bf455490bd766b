import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { call, text } from '../../support/checked-bench.ts';
import type { CallClient } from '../../support/call-clients.ts';
import { askingFixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
let client: CallClient;

function questions(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, nth) => ({
    message: `Question ${nth}?`,
    requestedSchema: { type: 'object', properties: { answer: { type: 'string' } } },
  }));
}

async function tell(words: string): Promise<string> {
  const { spoken } = await client.tell([['user', words]], false);
  return spoken.map(([, said]) => said).join(' ');
}

/** What the model got for the call in the last request. */
function output(): string {
  return String(bench.sent(-1).findLast(([kind]) => kind === 'output')?.[2]);
}

async function use(era: 'new' | 'old'): Promise<void> {
  const mcpServers = { one: askingFixture(era) };
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
  client = bench.client(0);
}

const cancelled = { action: 'cancel' };
const accepted = { action: 'accept', content: { answer: 'blue' } };

describe.each(['new', 'old'] as const)('a server of the %s protocol that goes on asking', (era) => {
  beforeEach(() => use(era));

  test('is told of a cancel, and asks nothing more in that call [MCP-2] [SEC-1]', async () => {
    bench.answers([call('mcp__one__ask', 'c1', { questions: questions(4) })], [text('Done.')]);
    await tell('go');
    expect(await tell('blue')).toContain('Question 1?');
    expect(await tell('cancel')).toBe('Done.');
    expect(JSON.parse(output())).toEqual([accepted, cancelled, cancelled, cancelled]);
  });

  test('puts ten questions to its user in a call, and the model is told of it [MCP-2] [SEC-1]', async () => {
    bench.answers([call('mcp__one__ask', 'c1', { questions: questions(12) })], [text('Done.')]);
    let asked = await tell('go');
    let count = 0;
    for (; asked.includes('asks:'); count += 1) asked = await tell('blue');
    expect(count).toBe(10);
    expect(output()).toMatch(
      /"blue"\}\},\{"action":"decline"\},\{"action":"decline"\}\]\n\[A question .* ask 10 at most\]$/,
    );
  });
});

describe('a server that asks many questions at once', () => {
  const atOnce = (): ReturnType<typeof call> =>
    call('mcp__one__ask', 'c1', { questions: questions(100), atOnce: true });
  const actions = (): readonly unknown[] =>
    (JSON.parse(output().split('\n')[0] ?? '') as JsonObject[]).map(({ action }) => action);

  beforeEach(async () => {
    await use('old');
    bench.answers([atOnce()], [text('Done.')]);
  });

  test('has ten of them put to its user [MCP-2] [SEC-1]', async () => {
    let asked = await tell('go');
    for (let count = 0; count < 10; count += 1) {
      expect(asked).toContain('asks:');
      asked = await tell('blue');
    }
    expect(asked).toBe('Done.');
    expect(actions().filter((action) => action === 'accept')).toHaveLength(10);
    expect(actions().filter((action) => action === 'decline')).toHaveLength(90);
  });

  test('is told of a cancel for all of them [MCP-2] [SEC-1]', async () => {
    expect(await tell('go')).toContain('asks:');
    expect(await tell('cancel')).toBe('Done.');
    expect(actions()).not.toContain('accept');
    expect(actions().filter((action) => action === 'cancel').length).toBeGreaterThanOrEqual(10);
  });
});

test('a question of one conversation is put to no other one [MCP-2] [SEC-6]', async () => {
  await use('old');
  const asks = (id: string): ReturnType<typeof call> =>
    call('mcp__one__ask', id, { questions: questions(1) });
  bench.answers([asks('c1')], [asks('c2')], [text('Cannot ask.')], [text('Done.')]);
  expect(await tell('go')).toContain('Question 0?');
  const other = bench.client(0);
  expect(await other.tell([['user', 'another thing']], false)).toMatchObject({
    spoken: [['text', 'Cannot ask.']],
  });
  expect(output()).toContain('a question of this server waits in another conversation');
  expect(await tell('blue')).toBe('Done.');
  expect(JSON.parse(output())).toEqual([accepted]);
});
