import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { codexBody, user } from '../../support/codex-turns.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import type { Item } from '../../support/fake-upstream/step.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';
import { callRaw, headerOf } from '../../support/raw-client.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

describe('the turn state of the ChatGPT backend', () => {
  let folder: string;
  let chatgpt: FakeUpstream;
  let middleware: ComposedMiddleware;

  beforeAll(async () => {
    folder = await makeTestFolder('turn-state');
    const settings = {
      permissions: { deny: ['Bash(rm:*)'] },
      hooks: { Stop: [{ hooks: [{ type: 'command', command: "grep -q 'all done' || exit 2" }] }] },
    };
    await mkdir(join(folder, 'home', '.claude'), { recursive: true });
    await mkdir(join(folder, 'project'));
    await writeFile(join(folder, 'home', '.claude', 'settings.json'), JSON.stringify(settings));
    chatgpt = await startFakeUpstream();
    const env = {
      PATH: process.env['PATH'] ?? '',
      CODEX_PLUS_CHATGPT_BASE_URL: `${chatgpt.url}/backend-api/codex`,
      CODEX_PLUS_STATE_DIR: join(folder, 'state'),
    };
    middleware = await composeMiddleware(undefined, env, join(folder, 'home'));
  });

  afterAll(async () => {
    await middleware.close();
    await chatgpt.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const answers: readonly Item[] = [
    { kind: 'call', name: 'exec_command', arguments: { cmd: 'rm x' }, callId: 'c1' },
    { kind: 'text', text: 'I think so.' },
    { kind: 'call', name: 'exec_command', arguments: { cmd: 'rm y' }, callId: 'c2' },
    { kind: 'text', text: 'all done' },
  ];

  beforeEach(() => {
    chatgpt.forget();
    chatgpt.use((_seen, turn) => ({
      kind: 'answer',
      items: answers.slice(turn, turn + 1),
      turn,
      headers: { 'x-codex-turn-state': `state ${turn}` },
    }));
  });

  /**
   * Makes a request whose calls are refused and whose first end is not the last; resolves with the state that the
   * client gets.
   */
  async function turn(headers: readonly string[]): Promise<string | undefined> {
    const told = {
      ...{ session_id: 's1', request_kind: 'turn', thread_source: 'user' },
      workspaces: { [join(folder, 'project')]: {} },
    };
    const answer = await callRaw(middleware.port, {
      path: '/v1/responses',
      headers: [
        ...['x-codex-turn-metadata', JSON.stringify(told), 'authorization', `Bearer ${madeUpJwt()}`],
        ...['user-agent', 'codex_exec/0.169.0', ...headers],
      ],
      body: codexBody([user('work', 'm1')], true),
    });
    expect(answer.body.toString()).toContain('all done');
    expect(chatgpt.requests).toHaveLength(answers.length);
    return headerOf(answer.headers, 'x-codex-turn-state');
  }

  function sentStates(): readonly (string | undefined)[] {
    return chatgpt.requests.map(({ rawHeaders }) => headerOf(rawHeaders, 'x-codex-turn-state'));
  }

  test('goes up with every later call for the same answer, in its place; the client gets the same [RT-2] [HK-2]', async () => {
    expect(await turn(['x-client-request-id', 'r1'])).toBe('state 0');
    expect(sentStates()).toEqual([undefined, 'state 0', 'state 0', 'state 0']);
    const names = chatgpt.requests[3]!.rawHeaders.filter((_text, index) => index % 2 === 0);
    expect(names.indexOf('x-codex-turn-state')).toBe(names.indexOf('x-client-request-id') - 1);
    chatgpt.forget();
    await turn([]);
    expect(sentStates()).toEqual([undefined, 'state 0', 'state 0', 'state 0']);
  });

  test('stays the one that the client sent [RT-2] [HK-2]', async () => {
    await turn(['x-codex-turn-state', 'earlier']);
    expect(sentStates()).toEqual(['earlier', 'earlier', 'earlier', 'earlier']);
  });
});
