import { afterEach, describe, expect, test } from '@jest/globals';
import { getPrompt } from '../../../middleware/features/mcp/contents/get-prompt.ts';
import { lookAt } from '../../../middleware/features/mcp/contents/look-at.ts';
import { listPrompts } from '../../../middleware/features/mcp/contents/list-prompts.ts';
import { contentsFixture, fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';

let place: PoolPlace;

afterEach(async () => {
  await place.close();
});

const list = async (project: ReturnType<PoolPlace['project']>, waitMs = 20_000) => {
  const { servers } = place;
  const { signal } = new AbortController();
  return listPrompts({ project, conversation: 'c' }, { servers, signal, waitMs });
};

const names = (prompts: Awaited<ReturnType<typeof list>>): readonly string[] =>
  prompts.commands.map(({ name }) => name);

describe('the list of prompts', () => {
  test('starts a server that nobody asked before, once [MCP-3]', async () => {
    place = poolPlace();
    const project = place.project({ notes: contentsFixture() });
    expect(names(await list(project))).toContain('mcp__notes__greet');
    // Its process has ended; what it said is known.
    process.kill(place.starts()[0] ?? 0);
    await until(() => place.servers.stateOf('notes', project)?.state === 'idle');
    expect(names(await list(project))).toContain('mcp__notes__two_words');
    expect(place.starts()).toHaveLength(1);
  });

  test('starts none where it must not wait, and shows what is known [MCP-3]', async () => {
    place = poolPlace();
    const project = place.project({ notes: contentsFixture() });
    expect(await list(project, 0)).toEqual({ commands: [], starting: [] });
    expect(place.starts()).toEqual([]);
  });

  test('goes on without a server that fails, and does not start that one again [MCP-5]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture('end-at-start'), notes: contentsFixture() });
    const before = await list(project);
    expect(names(before)).toContain('mcp__notes__greet');
    const starts = place.starts().length;
    expect(await list(project)).toEqual(before);
    expect(place.starts()).toHaveLength(starts);
  });

  test('does not wait for a server that starts slowly, and says so [MCP-3]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture('hang-at-start') });
    expect(await list(project, 50)).toEqual({ commands: [], starting: ['one'] });
  });

  test('leaves out servers that nobody has allowed, or that a rule keeps away [MCP-1] [SEC-1]', async () => {
    place = poolPlace();
    const ofProject = place.project({ notes: contentsFixture() }, { scope: 'project' });
    const kept = place.project(
      { notes: contentsFixture() },
      { settings: { permissions: { deny: ['mcp__notes'] } } },
    );
    for (const project of [ofProject, kept]) expect(names(await list(project))).toEqual([]);
    expect(place.starts()).toEqual([]);
  });
});

test('a prompt that a server does not answer is waited for no longer than it may take [MCP-3] [MCP-5]', async () => {
  place = poolPlace();
  const project = place.project({ notes: contentsFixture() });
  await list(project);
  const client = { servers: place.servers, place: { project, conversation: 'c' }, maxMs: 300 };
  const asked = { server: 'notes', prompt: 'hang' };
  expect(await getPrompt(asked, {}, { ...client, signal: new AbortController().signal })).toEqual({
    ...{ kind: 'failed', reason: 'it did not answer within 0.3 s' },
  });
  const left = AbortSignal.abort(new Error('the client left'));
  await expect(getPrompt(asked, {}, { ...client, signal: left })).rejects.toThrow('the client left');
});

test.each([
  [
    'all that a server offers, with what its tools cost',
    contentsFixture(),
    ['mcp__notes__greet', 'note://plan'],
  ],
  ['a server with tools only', fixture(), ['echo']],
])('a look shows %s [CMD-4] [MCP-3]', async (_, entry, expected) => {
  place = poolPlace();
  const project = place.project({ notes: entry });
  const { servers } = place;
  const { signal } = new AbortController();
  const look = await lookAt('notes', {
    servers,
    place: { project, conversation: 'c' },
    signal,
    maxMs: 20_000,
  });
  for (const name of expected) expect(JSON.stringify(look)).toContain(name);
  const tools = look.kind === 'got' ? look.value.tools : [];
  for (const { tokens } of tools) expect(tokens).toBeGreaterThan(5);
});
