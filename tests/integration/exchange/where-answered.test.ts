import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { useHookBench } from '../../support/hook-bench.ts';
import { callRaw } from '../../support/raw-client.ts';
import { lookedAgain } from '../../support/test-clock.ts';

const bench = useHookBench();
const greet = '---\nallowed-tools: Bash(touch *)\n---\nSaid: !`touch ran`';

type Said = readonly (readonly [role: string, text: string])[];
type Headers = Readonly<Record<string, string>>;

/** What our answer to a conversation says, in the API of chat completions. */
async function chat(said: Said, headers: Headers): Promise<string> {
  const answer = await callRaw(bench.middleware.port, {
    path: '/v1/chat/completions',
    headers: Object.entries(headers).flat(),
    body: JSON.stringify({ model: 'gpt-5', messages: said.map(([role, content]) => ({ role, content })) }),
  });
  const { choices } = JSON.parse(answer.body.toString()) as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content ?? '';
}

function inProject(name: string): Headers {
  return { 'x-codex-plus-workspace': join(bench.folder, name) };
}

function inSession(name: string): Headers {
  return { ...inProject('project'), 'x-codex-plus-session': name };
}

async function ran(): Promise<boolean> {
  return readFile(join(bench.workspace, 'ran')).then(
    () => true,
    () => false,
  );
}

/** The last of the user's words that the model got. */
function lastSent(): unknown {
  const messages = bench.upstream.requests.at(-1)?.json?.['messages'] as { content: unknown }[] | undefined;
  return messages?.at(-1)?.content;
}

describe.each([
  ['a command', '/greet', () => bench.file('project/.claude/commands/greet.md', greet)],
  ['a hook', 'do it', () => bench.hooks({ UserPromptSubmit: 'touch ran' }, 'project/.claude/settings.json')],
])('a question about %s', (_what, prompt, write) => {
  beforeEach(async () => {
    await write();
    await bench.file('other/readme.md', 'Another project.');
  });

  test('and its answer are gone where they stand, and not the same word elsewhere [HK-3]', async () => {
    const home = inProject('project');
    const question = await chat([['user', prompt]], home);
    await chat(
      [
        ['user', prompt],
        ['assistant', question],
        ['user', 'y'],
      ],
      home,
    );
    expect(lastSent()).not.toBe('y');
    // Another conversation that begins alike, of a client that names none.
    await chat(
      [
        ['user', prompt],
        ['assistant', 'Shall I go on?'],
        ['user', 'y'],
      ],
      home,
    );
    expect(lastSent()).toBe('y');
  });

  const talk: Said = [
    ['user', 'hi'],
    ['assistant', 'Shall I delete everything?'],
  ];

  test('is not answered by words that stand behind something else [SEC-4] [HK-3]', async () => {
    const asked = await chat([...talk, ['user', prompt]], inSession('a'));
    expect(asked).toContain('Allow?');
    // The user went back, and answers the model.
    await chat([...talk, ['user', 'y']], inSession('a'));
    expect(lastSent()).toBe('y');
    expect(await ran()).toBe(false);
    await chat([...talk, ['user', prompt], ['assistant', asked], ['user', 'y']], inSession('a'));
    expect(await ran()).toBe(true);
  });

  test('of one project is not answered in another, by a client that names no conversation [SEC-4] [HK-3]', async () => {
    const asked = await chat([...talk, ['user', prompt]], inProject('project'));
    const answered: Said = [...talk, ['user', prompt], ['assistant', asked], ['user', 'always']];
    await chat(
      [
        ['user', 'hi'],
        ['assistant', 'Do you want tabs?'],
        ['user', 'always'],
      ],
      inProject('project'),
    );
    expect(lastSent()).toBe('always');
    await chat(answered, inProject('other'));
    expect(lastSent()).toBe('always');
    await expect(readFile(join(bench.folder, 'state', 'trust.json'))).rejects.toThrow();
    await chat(answered, inProject('project'));
    expect(await ran()).toBe(true);
  });

  test('of one project is not answered in another, though the conversation has one name [SEC-4] [HK-3]', async () => {
    const asked = await chat([...talk, ['user', prompt]], inSession('same'));
    const answered: Said = [...talk, ['user', prompt], ['assistant', asked], ['user', 'y']];
    await chat(answered, { ...inSession('same'), ...inProject('other') });
    expect(lastSent()).toBe('y');
    expect(await ran()).toBe(false);
    await chat(answered, inSession('same'));
    expect(await ran()).toBe(true);
  });

  test('is answered by a user who said something else first, and goes back to it [HK-3]', async () => {
    const asked = await chat([['user', prompt]], inSession('d'));
    const before: Said = [
      ['user', prompt],
      ['assistant', asked],
    ];
    await chat([...before, ['user', 'why?']], inSession('d'));
    await chat([...before, ['user', 'y']], inSession('d'));
    expect(await ran()).toBe(true);
  });

  test('is not answered by words that answer something else that we said [SEC-4] [HK-3]', async () => {
    const asked = await chat([['user', prompt]], inSession('e'));
    const stops = `if grep -q deploy; then echo '{"continue":false,"stopReason":"Deploy now?"}'; fi`;
    await bench.hooks({ UserPromptSubmit: stops });
    lookedAgain();
    const before: Said = [
      ['user', prompt],
      ['assistant', asked],
      ['user', 'deploy'],
    ];
    const stopped = await chat(before, inSession('e'));
    expect(stopped).toContain('Deploy now?');
    await chat([...before, ['assistant', stopped], ['user', 'y']], inSession('e'));
    expect(await ran()).toBe(false);
  });

  test('is answered behind what clients put between it and the answer [HK-3]', async () => {
    const asked = await chat([['user', prompt]], inSession('b'));
    await chat(
      [
        ['user', prompt],
        ['assistant', `${asked}\n`],
        ['developer', 'Mind the date.'],
        ['user', '<environment_context>\n  <current_date>2026-11-28</current_date>\n</environment_context>'],
        ['user', 'y'],
      ],
      inSession('b'),
    );
    expect(await ran()).toBe(true);
  });

  test('is answered by a client that goes on from it by its id [HK-3]', async () => {
    const respond = async (body: object): Promise<{ readonly id: string }> => {
      const answer = await callRaw(bench.middleware.port, {
        path: '/v1/responses',
        headers: Object.entries(inSession('c')).flat(),
        body: JSON.stringify({ model: 'gpt-5', ...body }),
      });
      return JSON.parse(answer.body.toString()) as { id: string };
    };
    const { id } = await respond({ input: prompt });
    await respond({ input: 'y', previous_response_id: 'resp_of_something_else' });
    await respond({ input: prompt, previous_response_id: id });
    expect(await ran()).toBe(false);
    await respond({ input: 'y', previous_response_id: id });
    await respond({ input: prompt });
    expect(await ran()).toBe(true);
  });
});
