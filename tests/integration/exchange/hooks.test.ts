import { describe, expect, test } from '@jest/globals';
import { codexTurn, ranCommand, user, type Item } from '../../support/codex-turns.ts';
import { developer, useHookBench } from '../../support/hook-bench.ts';
import { callRaw } from '../../support/raw-client.ts';

const bench = useHookBench();

describe('a session', () => {
  test('starts once, with its first request, and says what it has to behind the prompt [HK-1]', async () => {
    await bench.hooks({ SessionStart: `${bench.keeps('in')}; echo welcome` });
    await bench.turn([user('hi', 'm1')]);
    expect(bench.sent()).toEqual([user('hi', 'm1'), developer('SessionStart:startup hook success: welcome')]);
    await bench.turn([user('hi', 'm1'), { role: 'assistant', content: 'hello' }, user('more', 'm2')]);
    expect(bench.sent()).toEqual([
      user('hi', 'm1'),
      developer('SessionStart:startup hook success: welcome'),
      { role: 'assistant', content: 'hello' },
      user('more', 'm2'),
    ]);
    expect(await bench.kept('in')).toEqual([
      {
        session_id: 's1',
        transcript_path: '',
        cwd: bench.workspace,
        hook_event_name: 'SessionStart',
        source: 'startup',
        model: 'gpt-5',
      },
    ]);
  });

  test('that goes on is resumed, also in a tool loop [HK-1]', async () => {
    await bench.hooks({ SessionStart: { matcher: 'resume', command: 'echo back again' } });
    await bench.turn([user('hi', 'm1'), { role: 'assistant', content: 'hello' }, ...ranCommand('ls', 'c1')]);
    expect(bench.sent().at(-1)).toEqual(developer('SessionStart:resume hook success: back again'));
  });

  test('ends when the middleware does [HK-1]', async () => {
    await bench.hooks({ SessionEnd: bench.keeps('in') });
    await bench.turn([user('hi', 'm1')]);
    await bench.middleware.close();
    expect(await bench.kept('in')).toMatchObject([
      { session_id: 's1', hook_event_name: 'SessionEnd', reason: 'other' },
    ]);
  });
});

describe('a prompt', () => {
  test('is told to hooks as it was typed; what they say stays behind it, the same bytes in every later request [HK-1] [PX-2]', async () => {
    await bench.hooks({ UserPromptSubmit: `${bench.keeps('in')}; date +%N` });
    const grown: Item[] = [user('hi "there"', 'm1')];
    await bench.turn(grown);
    const [, context] = bench.sent();
    const prefix = `"input":[${JSON.stringify(grown[0])},${JSON.stringify(context)}`;
    expect(JSON.stringify(context)).toMatch(/UserPromptSubmit hook success: \d+/);
    for (let step = 0; step < 3; step += 1) {
      grown.push(...ranCommand('ls', `c${step}`));
      await bench.turn(grown);
      expect(bench.upstream.requests.at(-1)?.raw.toString()).toContain(prefix);
    }
    expect(await bench.kept('in')).toMatchObject([{ prompt: 'hi "there"', permission_mode: 'default' }]);
  });

  test('that a hook refuses is answered with the reason, and never reaches a model [HK-1]', async () => {
    await bench.hooks({ UserPromptSubmit: 'grep -q secret && { echo "no secrets" >&2; exit 2; }; exit 0' });
    const refused = JSON.parse(await bench.turn([user('the secret', 'm1')])) as { output: Item[] };
    expect(JSON.stringify(refused.output)).toContain('UserPromptSubmit operation blocked by hook:');
    expect(JSON.stringify(refused.output)).toContain('no secrets');
    expect(bench.upstream.requests).toHaveLength(0);
    // The same message again is a retry.
    expect(await bench.turn([user('the secret', 'm1')])).toContain('no secrets');
    await bench.turn([user('the secret', 'm1'), ...refused.output, user('hello', 'm2')]);
    expect(bench.sent()).toEqual([user('hello', 'm2')]);
  });

  test('on which a hook ends the turn stays in the conversation [HK-1]', async () => {
    const answer = JSON.stringify({ continue: false, stopReason: 'not now' });
    await bench.hooks({ UserPromptSubmit: `grep -q wait && echo '${answer}'; exit 0` });
    const stopped = JSON.parse(await bench.turn([user('wait', 'm1')])) as { output: Item[] };
    expect(JSON.stringify(stopped.output)).toContain('Operation stopped by hook: not now');
    await bench.turn([user('wait', 'm1'), ...stopped.output, user('go', 'm2')]);
    expect(bench.sent()).toEqual([user('wait', 'm1'), user('go', 'm2')]);
  });

  test('that calls a command is told as it was typed, and its expansion as well [HK-1] [CMD-1]', async () => {
    await bench.file('project/.claude/commands/fix.md', 'Fix $0.');
    await bench.hooks({
      UserPromptSubmit: bench.keeps('in'),
      UserPromptExpansion: `${bench.keeps('in')}; echo expanded`,
    });
    await bench.turn([user('/fix 12 now', 'm1')]);
    expect(await bench.kept('in')).toMatchObject([
      { hook_event_name: 'UserPromptSubmit', prompt: '/fix 12 now' },
      {
        hook_event_name: 'UserPromptExpansion',
        expansion_type: 'slash_command',
        command_name: 'fix',
        command_args: '12 now',
        command_source: 'projectSettings',
        prompt: '/fix 12 now',
      },
    ]);
    expect(JSON.stringify(bench.sent())).toContain('Fix 12.');
    expect(bench.sent().at(-1)).toEqual(developer('UserPromptExpansion hook success: expanded'));
  });

  test('that only looks like an expanded command is told as it is [HK-1]', async () => {
    await bench.hooks({ UserPromptSubmit: bench.keeps('in') });
    const text = '<command-message>x</command-message>\n<command-name>/x</command-name>\n';
    await bench.turn([user(text, 'm1')]);
    expect(await bench.kept('in')).toMatchObject([{ prompt: text }]);
  });

  test('is replaced, refused or commented by a pre_input script [HK-6]', async () => {
    const lines = [
      'import json, sys',
      'prompt = json.load(sys.stdin)["prompt"]',
      'print(json.dumps({"prompt": prompt.upper()}))',
    ];
    await bench.file('home/.claude/hooks/pre_input.py', lines.join('\n'));
    await bench.turn([user('quiet', 'm1')]);
    await bench.turn([user('quiet', 'm1'), ...ranCommand('ls', 'c1')]);
    expect(bench.sent()[0]).toEqual(user('QUIET', 'm1'));
  });
});

describe('the other APIs', () => {
  test('have the context where they can: a system message, or text behind the user’s [HK-1]', async () => {
    await bench.hooks({ UserPromptSubmit: 'echo be kind' });
    const text = 'UserPromptSubmit hook success: be kind';
    const headers = ['x-codex-plus-workspace', bench.workspace];
    const call = async (path: string, body: object): Promise<unknown> => {
      await callRaw(bench.middleware.port, { path, headers, body: JSON.stringify(body) });
      return bench.upstream.requests.at(-1)?.json?.['messages'];
    };
    const ask = { role: 'user', content: 'hi' };
    const answered = [ask, { role: 'assistant', content: 'hello' }];
    expect(await call('/v1/chat/completions', { model: 'gpt-5', messages: [ask] })).toEqual([
      ask,
      { role: 'system', content: text },
    ]);
    expect(
      await call('/v1/chat/completions', {
        model: 'gpt-5',
        messages: [...answered, { role: 'user', content: 'b' }],
      }),
    ).toEqual([
      ask,
      { role: 'system', content: text },
      answered[1],
      { role: 'user', content: 'b' },
      { role: 'system', content: text },
    ]);
    const block = { type: 'text', text };
    const marked = { type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } };
    const first = { model: 'claude', max_tokens: 9, messages: [{ role: 'user', content: [marked] }] };
    expect(await call('/v1/messages', first)).toEqual([{ role: 'user', content: [marked, block] }]);
    // The client's own marks for the prompt cache move on, and a single text may come as a string.
    const second = [
      ask,
      { role: 'assistant', content: 'hello' },
      { role: 'user', content: [{ ...marked, text: 'b' }] },
    ];
    expect(await call('/v1/messages', { ...first, messages: second })).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'hi' }, block] },
      second[1],
      { role: 'user', content: [{ ...marked, text: 'b' }, block] },
    ]);
  });
});

describe('a hook that fails', () => {
  test('is told to the log, counted, and the request goes on [HK-1] [HK-4]', async () => {
    await bench.hooks({
      SessionStart: 'no-such-program-here',
      UserPromptSubmit: { command: 'sleep 60', timeout: 0.2 },
      PostToolUse: 'echo "{broken"',
    });
    await bench.turn([user('hi', 'm1')]);
    expect(bench.sent()).toEqual([user('hi', 'm1')]);
    await bench.turn([user('hi', 'm1'), ...ranCommand('ls', 'c1')]);
    const problems = bench.middleware.lines.flatMap(({ problem }) =>
      typeof problem === 'string' ? [problem] : [],
    );
    expect(problems.join('\n')).toContain('not found');
    expect(problems.join('\n')).toContain('did not end within 0.2 s');
    const text = await bench.middleware.metrics();
    expect(text).toContain('codex_plus_hook_runs_total{event="SessionStart",outcome="error"} 1');
    expect(text).toContain('codex_plus_hook_runs_total{event="UserPromptSubmit",outcome="cancelled"} 1');
    expect(text).toContain('codex_plus_hook_timeouts_total{event="UserPromptSubmit"} 1');
    expect(text).toContain('codex_plus_hook_duration_seconds_count{event="PostToolUse"} 1');
  });
});

describe('many sessions at a time', () => {
  test('each have their own hooks and contexts [HK-1]', async () => {
    await bench.hooks({ UserPromptSubmit: 'echo "for $CLAUDE_CODE_SESSION_ID"' });
    const names = Array.from({ length: 100 }, (_, index) => `many-${index}`);
    await Promise.all(
      names.map((name) =>
        codexTurn(bench.middleware.port, {
          session: name,
          workspace: bench.workspace,
          input: [user(name, name)],
        }),
      ),
    );
    expect(bench.upstream.requests).toHaveLength(100);
    for (const { json } of bench.upstream.requests) {
      const [prompt, context] = json?.['input'] as [Item, Item];
      expect(context).toEqual(developer(`UserPromptSubmit hook success: for ${String(prompt['id'])}`));
    }
  });
});
