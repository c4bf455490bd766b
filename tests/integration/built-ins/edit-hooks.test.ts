import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { codexTurn, user } from '../../support/codex-turns.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { callRaw } from '../../support/raw-client.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { lookedAgain } from '../../support/test-clock.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let folder: string;
let turns = 0;

beforeAll(async () => {
  folder = await makeTestFolder('edit-hooks');
  await mkdir(join(folder, 'project'));
  upstream = await startFakeUpstream();
  const env = { CODEX_PLUS_STATE_DIR: join(folder, 'state'), PATH: process.env['PATH'] ?? '' };
  middleware = await composeMiddleware(upstream.url, env, folder);
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the user reads in answer to a prompt of a new conversation. */
async function say(text: string, metadata: object = {}): Promise<string> {
  turns += 1;
  const workspace = join(folder, 'project');
  const input = [user(text, `m${turns}`)];
  return codexTurn(middleware.port, { session: `s${turns}`, workspace, input, metadata, stream: false });
}

const file = (): string => join(folder, '.claude/settings.json');
/** `undefined`: the last hook that was in it took it away. */
const written = (): Promise<string | undefined> => readFile(file(), 'utf8').catch(() => undefined);

test('/hooks add writes a hook of the user, which counts from the next prompt on; /hooks remove takes it out [HK-5] [CMD-4]', async () => {
  expect(await say('/hooks add UserPromptSubmit \'echo "in June"\' --timeout 5')).toContain('Wrote it into');
  expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual({
    hooks: { UserPromptSubmit: [{ hooks: [{ type: 'command', command: 'echo "in June"', timeout: 5 }] }] },
  });
  lookedAgain();
  expect(await say('/hooks add UserPromptSubmit \'echo "in June"\'')).toContain('has this hook already');
  expect(await say('/hooks')).toMatch(/1\. `echo .{1,3}in June.{1,3}` at most 5 s/);
  await say('When is it?');
  expect(upstream.requests.at(-1)?.raw.toString()).toContain('UserPromptSubmit hook success: in June');
  expect(await say('/hooks remove 2')).toContain('There is no hook 2');
  expect(await say('/hooks remove 1')).toContain('Removed UserPromptSubmit');
  lookedAgain();
  expect(await say('/hooks')).toContain('No hooks are configured here.');
  expect(upstream.requests).toHaveLength(1);
});

test('/hooks add says what is wrong, and changes nothing [HK-5] [CMD-4]', async () => {
  const before = await written();
  for (const [args, answer] of [
    ["PreToolUs 'x'", 'did you mean `PreToolUse`'],
    ['Stop', 'Usage:'],
    ["Stop 'x' --timeout soon", 'a number of seconds'],
    ["Stop 'x' --wrong", 'Nothing was changed'],
    ["Stop 'x' --scope world", 'Usage:'],
  ] as const) {
    expect(await say(`/hooks add ${args}`)).toContain(answer);
  }
  expect(await written()).toBe(before);
});

test('a hook added to the project waits for trust [HK-5] [HK-3]', async () => {
  expect(await say("/hooks add Stop 'true' --scope project")).toContain(
    'You are asked before it first runs.',
  );
  lookedAgain();
  expect(await say('hi')).toContain('wants to run a hook for Stop');
});

test('/hooks add is for a user who is there, and who the client says it is [HK-5] [SEC-4]', async () => {
  const before = await written();
  const prompt = "/hooks add SessionStart 'true'";
  expect(await say(prompt, { turn_trigger: 'exec' })).toContain('Nothing tells here that a user asks');
  await say(prompt, { thread_source: 'subagent' });
  for (const agent of ['claude-cli/2.1.329', 'anything/1.0']) {
    const answer = await callRaw(middleware.port, {
      path: '/v1/messages',
      headers: [
        ...['user-agent', agent, 'content-type', 'application/json'],
        ...['x-codex-plus-cwd', join(folder, 'project')],
      ],
      body: JSON.stringify({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: prompt }] }),
    });
    expect(answer.body.toString()).toContain('Nothing tells here that a user asks');
  }
  expect(await written()).toBe(before);
});
