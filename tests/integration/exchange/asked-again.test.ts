import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { user } from '../../support/codex-turns.ts';
import { callRaw } from '../../support/raw-client.ts';
import { useHookBench } from '../../support/hook-bench.ts';

const bench = useHookBench();
const settings = 'project/.claude/settings.json';

/** A request of a client whose messages have no ids. */
async function chat(content: string): Promise<string> {
  const { session, workspace } = bench;
  const { body } = await callRaw(bench.middleware.port, {
    path: '/v1/chat/completions',
    headers: ['x-codex-plus-session', session, 'x-codex-plus-workspace', workspace],
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }),
  });
  return body.toString();
}

describe.each(['PreToolUse', 'PermissionRequest', 'UserPromptSubmit', 'PostToolUse', 'Stop'])(
  'while the question about a hook for %s waits',
  (event) => {
    test('a prompt without an id that is sent again gets it again [SEC-4]', async () => {
      await bench.hooks({ [event]: 'exit 2' }, settings);
      for (let time = 0; time < 3; time += 1) expect(await chat('go')).toContain('Allow?');
      expect(bench.upstream.requests).toEqual([]);
    });

    test('both get it where a prompt comes twice at once, with an id or without [SEC-4]', async () => {
      await bench.hooks({ [event]: 'exit 2' }, settings);
      const both = [bench.turn([user('go', 'm1')]), bench.turn([user('go', 'm1')])];
      for (const answer of await Promise.all(both)) expect(answer).toContain('Allow?');
      bench.session = 's2';
      for (const answer of await Promise.all([chat('go'), chat('go')])) expect(answer).toContain('Allow?');
      expect(bench.upstream.requests).toEqual([]);
    });
  },
);

test('a script of a project is asked about until there is an answer, however often the prompt is sent [SEC-4]', async () => {
  await bench.file('project/.claude/hooks/pre_input.sh', 'tr a-z A-Z');
  for (let time = 0; time < 3; time += 1) expect(await chat('go')).toContain('Allow?');
  expect(bench.upstream.requests).toEqual([]);
});

test('hooks hear once of a prompt that comes twice at once, and the model what they say twice', async () => {
  await bench.hooks({ UserPromptSubmit: `echo x >> ${bench.folder}/ran; echo heard` });
  await Promise.all([bench.turn([user('hi', 'm1')]), bench.turn([user('hi', 'm1')])]);
  expect(await readFile(join(bench.folder, 'ran'), 'utf8')).toBe('x\n');
  const sent = bench.upstream.requests.map(({ json }) => JSON.stringify(json?.['input']));
  expect(sent).toEqual([expect.stringContaining('heard'), expect.stringContaining('heard')]);
});
