import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import {
  startFakeUpstream,
  type FakeUpstream,
  type Seen,
} from '../../support/fake-upstream/fake-upstream.ts';
import { calls, says } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { lookedAgain } from '../../support/test-clock.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let folder: string;
let workspace: string;
let session = 0;

beforeAll(async () => {
  upstream = await startFakeUpstream();
});

afterAll(async () => {
  await upstream.close();
});

beforeEach(async () => {
  folder = await makeTestFolder('commands');
  workspace = join(folder, 'project');
  await mkdir(workspace);
  session += 1;
  upstream.forget();
  upstream.use(() => says('hello'));
  middleware = await composeMiddleware(
    upstream.url,
    { PATH: process.env['PATH'] ?? '', CODEX_PLUS_STATE_DIR: join(folder, 'state') },
    join(folder, 'home'),
  );
});

afterEach(async () => {
  await middleware.close();
  await rm(folder, { recursive: true, force: true });
});

type Item = Readonly<Record<string, unknown>>;

async function file(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(workspace, path)), { recursive: true });
  await writeFile(join(workspace, path), text);
}

function user(text: string, id: string): Item {
  return { type: 'message', id, role: 'user', content: [{ type: 'input_text', text }] };
}

/** A request as Codex makes it; resolves with what the client gets. */
async function turn(
  input: readonly Item[],
  metadata: object = {},
  more: readonly string[] = [],
): Promise<string> {
  const told = {
    session_id: `s${session}`,
    request_kind: 'turn',
    thread_source: 'user',
    workspaces: { [workspace]: {} },
    ...metadata,
  };
  const answer = await callRaw(middleware.port, {
    path: '/v1/responses',
    headers: [
      ...['user-agent', 'codex_exec/0.169.0', 'x-codex-turn-metadata', JSON.stringify(told)],
      ...['content-type', 'application/json', ...more],
    ],
    body: JSON.stringify({ model: 'gpt-5', input, stream: false, tools: [{ type: 'function', name: 'x' }] }),
  });
  return answer.body.toString();
}

function last(): Seen {
  return upstream.requests.at(-1)!;
}

/** The texts of the user's messages that the model gets. */
function userTexts({ json }: Seen): string[] {
  const input = (json?.['input'] ?? []) as { role?: string; content?: { text?: string }[] }[];
  return input
    .filter(({ role }) => role === 'user')
    .flatMap(({ content = [] }) => content.map(({ text = '' }) => text));
}

const message =
  '<command-message>fix</command-message>\n<command-name>/fix</command-name>\n<command-args>12 now</command-args>\n';

describe('a command in the newest prompt', () => {
  test('becomes the prompt that it stands for, in the place of the words that called it [CMD-1] [CMD-2]', async () => {
    await file('.claude/commands/fix.md', 'Fix issue $0 ($ARGUMENTS).');
    await turn([user('before', 'm1'), user('/fix 12 now', 'm2')]);
    expect(userTexts(last())).toEqual(['before', message, 'Fix issue 12 (12 now).']);
    expect((last().json?.['input'] as Item[]).at(-1)?.['id']).toBe('m2');
  });

  test('counts arguments from $1 in our own folders, from $0 in those of Claude Code [CMD-2]', async () => {
    await file('.codexplus/commands/ours.md', 'first=$1');
    await file('.claude/commands/theirs.md', 'first=$0');
    for (const name of ['ours', 'theirs']) {
      await turn([user(`/${name} a`, `m-${name}`)]);
      expect(userTexts(last()).at(-1)).toBe('first=a');
    }
  });

  test('is called with a colon, a space or as a skill where the interface of Codex refuses the slash [CMD-6]', async () => {
    await file('.claude/commands/a/fix.md', 'Fix $0.');
    const skill =
      '<skill>\n<name>a-fix</name>\n<path>/x/SKILL.md</path>\n---\nname: a-fix\n---\n<!-- codex-plus command -->\ncommand: a:fix\n</skill>';
    for (const [index, text] of [':a:fix 7', ' /a:fix 7', '/fix 7'].entries()) {
      await turn([user(text, `m${index}`)]);
      expect(userTexts(last()).at(-1)).toBe('Fix 7.');
    }
    await turn([user('$a-fix 7', 'm8'), user(skill, 'm9')]);
    expect(userTexts(last()).at(-1)).toBe('Fix 7.');
    expect(JSON.stringify(last().json)).not.toContain('codex-plus command');
  });

  test('chooses the model and the effort of its turn, its tool loop included, and of no other [CMD-1]', async () => {
    await file('.claude/commands/deep.md', '---\nmodel: gpt-4\neffort: high\n---\nThink.');
    const call = { type: 'function_call', call_id: 'c1', name: 'x', arguments: '{}' };
    const output = { type: 'function_call_output', call_id: 'c1', output: 'done' };
    const loop = [user('/deep', 'm1'), call, output];
    for (const [input, model, effort] of [
      [[user('/deep', 'm1')], 'gpt-4', 'high'],
      [loop, 'gpt-4', 'high'],
      [[...loop, user('thanks', 'm2')], 'gpt-5', undefined],
    ] as const) {
      await turn(input);
      expect(last().json?.['model']).toBe(model);
      expect((last().json?.['reasoning'] as { effort?: string } | undefined)?.effort).toBe(effort);
    }
  });

  test('is the same, byte for byte, in every request of its tool loop and after it; its shell lines run once [CMD-2] [PX-2]', async () => {
    await file('.claude/commands/loop.md', '---\nallowed-tools: Bash(date *)\n---\nNow: !`date +%N`');
    const { output } = JSON.parse(await turn([user('/loop', 'm1')])) as { output: Item[] };
    const grown: Item[] = [user('/loop', 'm1'), ...output, user('always', 'm2')];
    await turn(grown);
    const prefix = JSON.stringify((last().json?.['input'] as Item[])[0]);
    expect(prefix).toMatch(/Now: \d+/);
    for (let step = 0; step < 5; step += 1) {
      grown.push(
        { type: 'function_call', call_id: `c${step}`, name: 'x', arguments: '{}' },
        { type: 'function_call_output', call_id: `c${step}`, output: 'x' },
      );
      await turn(grown);
      expect(last().raw.toString()).toContain(`"input":[${prefix},`);
    }
  });

  test('works for the other APIs and for encoded bodies [CMD-1]', async () => {
    await file('.claude/commands/fix.md', 'Fix $0.');
    const workspaceHeader = ['x-codex-plus-workspace', workspace];
    for (const [path, body] of [
      ['/v1/chat/completions', { model: 'gpt-5', messages: [{ role: 'user', content: '/fix 1' }] }],
      [
        '/v1/messages',
        {
          model: 'claude',
          max_tokens: 9,
          messages: [{ role: 'user', content: [{ type: 'text', text: '/fix 1' }] }],
        },
      ],
    ] as const) {
      await callRaw(middleware.port, { path, headers: workspaceHeader, body: JSON.stringify(body) });
      const [first] = last().json?.['messages'] as { content: { text: string }[] }[];
      expect(first?.content.map(({ text }) => text).at(-1)).toBe('Fix 1.');
    }
    const encoded = zstdCompressSync(Buffer.from(JSON.stringify({ model: 'gpt-5', input: '/fix 2' })));
    await callRaw(middleware.port, {
      path: '/v1/responses',
      headers: [...workspaceHeader, 'content-encoding', 'zstd'],
      body: encoded,
    });
    expect(userTexts(last()).at(-1)).toBe('Fix 2.');
  });
});

describe('what calls no command', () => {
  test('goes on as its bytes: unknown names, paths, old turns, titles and compactions [CMD-7] [PX-2]', async () => {
    await file('.claude/commands/fix.md', 'Fix.');
    for (const [input, metadata] of [
      [[user('/nope x', 'm1')], {}],
      [[user('/usr/bin/fix', 'm1')], {}],
      [[user('look at /fix', 'm1')], {}],
      [[user('/fix', 'm1'), { type: 'message', role: 'assistant', content: 'old' }, user('new', 'm2')], {}],
      [[user('/fix', 'm1')], { thread_source: 'thread_title' }],
      [[user('/fix', 'm1')], { request_kind: 'compaction' }],
    ] as const) {
      session += 1;
      await turn(input, metadata);
      expect(last().raw.toString()).toBe(
        JSON.stringify({ model: 'gpt-5', input, stream: false, tools: [{ type: 'function', name: 'x' }] }),
      );
    }
  });
});

describe('what a command runs', () => {
  const greet = '---\nallowed-tools: Bash(echo *), Bash(touch *)\n---\nSaid: !`echo hi from $0; touch ran`';

  test('is asked for once with where it comes from; yes runs it, and the question never reaches the model [CMD-2] [SEC-4] [HK-3]', async () => {
    await file('.claude/commands/greet.md', greet);
    const asked = await turn([user('/greet you', 'm1')]);
    expect(upstream.requests).toHaveLength(0);
    expect(asked).toContain('Allow? (Y)es/(N)o/(A)lways');
    expect(asked).toContain('echo hi from you');
    expect(asked).toContain('.claude/commands/greet.md (sha256 ');
    const { output } = JSON.parse(asked) as { output: Item[] };
    await turn([user('/greet you', 'm1'), ...output, user('y', 'm2')]);
    expect(userTexts(last())).toEqual([
      '<command-message>greet</command-message>\n<command-name>/greet</command-name>\n<command-args>you</command-args>\n',
      'Said: hi from you',
    ]);
    expect(last().raw.toString()).not.toContain('Allow?');
    // Once for this conversation: the next call does not ask.
    await turn([user('/greet again', 'm3')]);
    expect(userTexts(last()).at(-1)).toBe('Said: hi from again');
    session += 1;
    expect(await turn([user('/greet again', 'm4')])).toContain('Allow?');
  });

  test('is not run after a no, and another message is no answer [CMD-2] [HK-3]', async () => {
    await file('.claude/commands/greet.md', greet);
    const first = JSON.parse(await turn([user('/greet a', 'm1')])) as { output: Item[] };
    const refused = await turn([user('/greet a', 'm1'), ...first.output, user('no', 'm2')]);
    expect(refused).toContain('Not run.');
    expect(upstream.requests).toHaveLength(0);
    session += 1;
    const again = JSON.parse(await turn([user('/greet b', 'm1')])) as { output: Item[] };
    await turn([user('/greet b', 'm1'), ...again.output, user('what is it?', 'm2')]);
    expect(userTexts(last())).toEqual(['what is it?']);
  });

  test('is told how to allow it where nobody can be asked [CMD-2] [HK-3]', async () => {
    await file('.claude/commands/greet.md', greet);
    const answer = await turn([user('/greet a', 'm1')], { turn_trigger: 'exec' });
    expect(answer).toContain(`To allow it, in ${workspace}: codex-plus trust add .claude/commands/greet.md"`);
    expect(answer).not.toContain('Allow?');
  });

  test('asks again when the file changed, and not where the file is the user’s own [HK-3]', async () => {
    await file('.claude/commands/greet.md', greet);
    await turn([user('/greet a', 'm1')]);
    await turn([user('/greet a', 'm1'), { role: 'assistant', content: 'q', id: 'a' }, user('always', 'm2')]);
    await file('.claude/commands/greet.md', `${greet} changed`);
    session += 1;
    lookedAgain();
    expect(await turn([user('/greet a', 'm1')])).toContain('Allow?');

    await mkdir(join(folder, 'home/.claude/commands'), { recursive: true });
    await writeFile(join(folder, 'home/.claude/commands/mine.md'), greet);
    session += 1;
    lookedAgain();
    await turn([user('/mine a', 'm1')]);
    expect(userTexts(last()).at(-1)).toBe('Said: hi from a');
  });

  test('is refused by the rules before anybody is asked, and where a rule denies it [SEC-1] [CMD-2]', async () => {
    await file('.claude/commands/rm.md', '---\nallowed-tools: Bash(echo *)\n---\n!`echo ok && rm -r x`');
    expect(await turn([user('/rm', 'm1')])).toContain('Shell command permission check failed for pattern');
    await file('.claude/commands/greet.md', greet);
    await file('.claude/settings.json', JSON.stringify({ permissions: { deny: ['Bash(touch:*)'] } }));
    session += 1;
    lookedAgain();
    expect(await turn([user('/greet a', 'm1')])).toContain('has been denied');
    expect(upstream.requests).toHaveLength(0);
  });

  test('runs in the sandbox: no network, nothing changed outside the project, no keys [SEC-2]', async () => {
    await mkdir(join(folder, 'home/.claude/commands'), { recursive: true });
    const lines = [
      '!`touch inside; ls inside`',
      `!\`touch ${folder}/outside 2>&1 || true\``,
      `!\`(exec 3<>/dev/tcp/127.0.0.1/${upstream.port}) 2>/dev/null && echo reached || echo no network\``,
      '!`env | grep -c OPENAI || true`',
    ].join('\n');
    await writeFile(join(folder, 'home/.claude/commands/try.md'), `---\nallowed-tools: Bash\n---\n${lines}`);
    await turn([user('/try', 'm1')]);
    const text = userTexts(last()).at(-1) ?? '';
    expect(text).toContain('inside');
    // Where the project lies below /tmp, the command wrote to a /tmp of its own.
    expect(await readdir(folder)).not.toContain('outside');
    expect(text).toContain('no network');
    expect(text.trim().split('\n').at(-1)).toBe('0');
  });

  test('scripts make prompts as well [CMD-3]', async () => {
    await mkdir(join(folder, 'home/.claude/commands'), { recursive: true });
    await writeFile(
      join(folder, 'home/.claude/commands/js.cjs'),
      'module.exports = ({ argv }) => `Hello ${argv[0]}`;',
    );
    await turn([user('/js you', 'm1')]);
    expect(userTexts(last()).at(-1)).toBe('Hello you');
  });

  test('a model that calls tools is not asked twice for the same prompt [CMD-7]', async () => {
    await file('.claude/commands/fix.md', 'Fix $0.');
    upstream.use(() => calls('x', {}));
    await turn([user('/fix 1', 'm1')]);
    await turn([user('/fix 1', 'm1')]);
    expect(upstream.requests.map((seen) => userTexts(seen).at(-1))).toEqual(['Fix 1.', 'Fix 1.']);
  });
});
