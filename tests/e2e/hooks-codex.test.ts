import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startCodexThread } from '../support/codex-thread.ts';
import { composeMiddleware, type ComposedMiddleware } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { calls, says, type Step } from '../support/fake-upstream/step.ts';
import { makeCodexHome, pointedAt } from '../support/run-codex.ts';

jest.setTimeout(120_000);

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let codex: Awaited<ReturnType<typeof makeCodexHome>>;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  codex = await makeCodexHome();
  const env = { CODEX_PLUS_STATE_DIR: join(codex.folder, 'state'), PATH: process.env['PATH'] ?? '' };
  middleware = await composeMiddleware(upstream.url, env, codex.folder);
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
  await codex.remove();
});

/** What the model does, one step a request, the last for ever. */
function model(...steps: readonly Step[]): void {
  upstream.forget();
  upstream.use(() => steps[Math.min(upstream.requests.length, steps.length) - 1]!);
}

async function settings(value: object, file = '.claude/settings.json'): Promise<void> {
  const path = join(codex.folder, file);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, JSON.stringify(value));
  // A folder that was just looked at is looked at again after this.
  await new Promise((resolve) => setTimeout(resolve, 300));
}

function hook(event: string, command: string, matcher?: string): object {
  return { [event]: [{ matcher, hooks: [{ type: 'command', command }] }] };
}

function prints(event: string, answer: object): string {
  return `echo '${JSON.stringify({ hookSpecificOutput: { hookEventName: event, ...answer } })}'`;
}

function touch(name: string, id: string): Step {
  return calls('exec_command', { cmd: `touch ${name}` }, id);
}

const made = (...names: readonly string[]): readonly string[] =>
  names.filter((name) => existsSync(join(codex.workspace, name)));
const exec = (prompt: string): ReturnType<typeof codex.exec> =>
  codex.exec([...pointedAt(middleware.url), '--model', 'm', prompt]);
const lastSent = (): string => upstream.requests.at(-1)?.raw.toString() ?? '';

describe('the real Codex CLI, with settings as users write them', () => {
  test('a rule and a hook that deny: Codex runs neither call, and the model reads why [HK-2] [SEC-1]', async () => {
    await settings({
      permissions: { deny: ['Bash(rm:*)'] },
      hooks: hook('PreToolUse', 'grep -q secret && { echo "no secrets" >&2; exit 2; } || true', 'Bash'),
    });
    model(
      calls('exec_command', { cmd: 'touch a; rm -rf a' }, 'c1'),
      touch('secret', 'c2'),
      touch('b', 'c3'),
      says('Done.'),
    );
    const run = await exec('Do it.');
    expect([run.exitCode, run.errors, run.messages]).toEqual([0, [], ['Done.']]);
    expect(made('a', 'secret', 'b')).toEqual(['b']);
    expect(run.commands).toHaveLength(1);
    expect(lastSent()).toContain('Permission to use Bash with command touch a; rm -rf a has been denied.');
    expect(lastSent()).toContain('no secrets');
  });

  test('a rewrite: Codex runs what the hook made of the call [HK-2]', async () => {
    const updatedInput = { command: 'touch rewritten' };
    await settings({ hooks: hook('PreToolUse', prints('PreToolUse', { updatedInput }), 'Bash') });
    model(touch('original', 'c1'), says('Done.'));
    const run = await exec('Do it.');
    expect([run.exitCode, run.errors, run.messages]).toEqual([0, [], ['Done.']]);
    expect(made('original', 'rewritten')).toEqual(['rewritten']);
  });

  test('added context: of the session, the prompt and a tool’s output, each behind what it is about [HK-1]', async () => {
    await settings({
      hooks: {
        ...hook('SessionStart', 'echo "the build is broken"'),
        ...hook('UserPromptSubmit', prints('UserPromptSubmit', { additionalContext: 'use tabs' })),
        ...hook('PostToolUse', prints('PostToolUse', { additionalContext: 'that was slow' }), 'Bash'),
      },
    });
    model(touch('c', 'c1'), says('Done.'));
    const run = await exec('Say hi.');
    expect([run.exitCode, run.errors, run.messages]).toEqual([0, [], ['Done.']]);
    const order = ['Say hi.', 'the build is broken', 'use tabs', 'exited with code 0', 'that was slow'];
    const places = order.map((text) => lastSent().indexOf(text));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });

  test('a Stop hook that sends the model back: one turn of Codex, with what it did after [HK-1] [HK-2]', async () => {
    await settings({ hooks: hook('Stop', 'test -e tested || { echo "run the tests" >&2; exit 2; }') });
    model(says('Finished.'), touch('tested', 'c1'), says('Really finished.'));
    const run = await exec('Do it.');
    expect([run.exitCode, run.errors, run.messages]).toEqual([0, [], ['Finished.', 'Really finished.']]);
    expect(made('tested')).toEqual(['tested']);
    expect(lastSent()).toContain('run the tests');
  });

  test('a question, answered in the conversation, for a project’s hook and for a call [HK-3] [SEC-1]', async () => {
    await settings({ permissions: { ask: ['Bash(touch pushed)'] } });
    await settings(
      { hooks: hook('UserPromptSubmit', 'echo "from the project"') },
      'workspace/.claude/settings.json',
    );
    model(touch('pushed', 'c1'), says('Pushed.'));
    const thread = await startCodexThread(middleware.url, codex);
    const first = await thread.say('Push it.');
    expect(first.messages.join()).toContain('wants to run a hook for UserPromptSubmit');
    const second = await thread.say('y');
    expect(second.messages.join()).toContain('The model wants to use Bash:');
    expect(made('pushed')).toEqual([]);
    const third = await thread.say('y');
    expect(third).toMatchObject({ status: 'completed', messages: ['Pushed.'] });
    expect(made('pushed')).toEqual(['pushed']);
    expect(lastSent()).toContain('from the project');
    expect(lastSent()).not.toContain('Allow?');
    await thread.end();
  });

  test('what a hook does wrong takes no turn down [HK-4]', async () => {
    const bad = [
      'sleep 600',
      'yes',
      'while sleep 0.01; do sleep 600 & done',
      'echo "{broken"',
      './gone.sh',
      'kill -9 $$',
    ];
    await settings({
      hooks: {
        UserPromptSubmit: [{ hooks: bad.map((command) => ({ type: 'command', command, timeout: 1 })) }],
      },
    });
    await writeFile(join(codex.workspace, '.claude/settings.json'), '{}');
    model(says('Hi.'));
    const run = await exec('Say hi.');
    expect([run.exitCode, run.errors, run.messages]).toEqual([0, [], ['Hi.']]);
    const failed = middleware.lines.filter(({ message }) => message === 'a hook failed');
    const told = failed.map(({ problem }) => String(problem));
    // Broken JSON is text; what the others did is told, each once.
    for (const command of bad.filter((name) => !name.startsWith('echo'))) {
      expect(told.filter((problem) => problem.includes(`[${command}]`))).toHaveLength(1);
    }
  });
});
