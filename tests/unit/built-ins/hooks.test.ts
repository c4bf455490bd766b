import { describe, expect, test } from '@jest/globals';
import type { HookRun } from '../../../middleware/features/hooks/run/hook-runs.ts';
import { hooks } from '../../../middleware/features/built-ins/hooks.ts';
import { builtInContext, sourceIn } from '../../support/built-in-context.ts';
import { hooksOf } from '../../support/made-up-hooks.ts';

const project = sourceIn('project');
const user = sourceIn('user');
const entries = [
  ...hooksOf(
    {
      PreToolUse: [
        {
          matcher: 'Bash',
          hooks: [
            { type: 'command', command: './check.sh', timeout: 60, if: 'Bash(git *)', onFailure: 'block' },
          ],
        },
        { matcher: 'Edit', command: 'prettier $file', permissions: ['run:prettier'] },
      ],
    },
    project,
  ),
  ...hooksOf({ Stop: [{ hooks: [{ type: 'http', url: 'https://x/', async: true }] }] }, user),
];
const context = builtInContext({ entries });
const all = context.hooks;

function run(label: string, more: Partial<HookRun> = {}): HookRun {
  return {
    event: 'PreToolUse',
    label,
    source: project,
    startedAt: Date.parse('2026-11-24T22:47:01Z'),
    durationMs: 12,
    outcome: 'success',
    error: undefined,
    ...more,
  };
}

describe('/hooks', () => {
  test('lists hooks by their event, with what they are for, where they are from, and whether they run [HK-5] [CMD-4]', async () => {
    const isTrusted = (entry: (typeof entries)[number]): boolean => entry.matcher === 'Edit';
    expect(await hooks('', { ...context, hooks: { ...all, isTrusted } })).toBe(
      [
        '## Hooks\n',
        '### PreToolUse\n',
        '1. `./check.sh` for `Bash`, if `Bash(git *)`, at most 1 min, blocks when it fails (project, `.claude/settings.json`): **not trusted**, does not run before you allow it',
        '2. `prettier $file` for `Edit`, at most 5 s, declares `run:prettier` (project, `.claude/settings.json`): trusted\n',
        '### Stop\n',
        '3. http `https://x/` at most 10 min, nothing waits for it (user, `~/.claude/settings.json`)\n',
      ].join('\n'),
    );
  });

  test.each([
    ['bash', 'no tool is called bash; Bash is likely meant'],
    ['Edit|Wirte', 'no tool is called Wirte; Write is likely meant'],
    ['mcp__docs', 'mcp__docs is no tool; mcp__docs__.* means all tools of the server'],
    ['(', 'is no regular expression'],
  ])(
    'a matcher that matches nothing is told, with what is likely meant: %j [HK-5]',
    async (matcher, hint) => {
      const idle = hooksOf(
        { PreToolUse: [{ matcher, hooks: [{ type: 'command', command: 'true' }] }] },
        user,
      );
      const text = await hooks('', builtInContext({ entries: idle }));
      expect(text).toContain(`; its matcher matches nothing: \`${hint}\``);
    },
  );

  test.each(['Bash', 'Edit|Write', 'mcp__docs__read', 'B.*', 'exec_command', '*', ''])(
    'a matcher that may match something is left alone: %j [HK-5]',
    async (matcher) => {
      const used = hooksOf(
        { PreToolUse: [{ matcher, hooks: [{ type: 'command', command: 'true' }] }] },
        user,
      );
      expect(await hooks('', builtInContext({ entries: used }))).not.toContain('matches nothing');
    },
  );

  test('nobody is asked whether a hook of the user is trusted [HK-3]', async () => {
    const asked: string[] = [];
    const isTrusted = (entry: (typeof entries)[number]): boolean => asked.push(entry.source.scope) > 0;
    await hooks('', { ...context, hooks: { ...all, isTrusted } });
    expect(asked).toEqual(['project', 'project']);
  });

  test('a hook that a setting switches off is marked [HK-5]', async () => {
    const text = await hooks('', { ...context, hooks: { ...all, selected: entries.slice(0, 2) } });
    expect(text).toContain('(user, `~/.claude/settings.json`): **switched off** by a setting');
    expect(text.match(/switched off/g)).toHaveLength(1);
  });

  test('broken hooks are told with the reason, and where there is none, that [HK-5]', async () => {
    const problems = [{ source: user, path: 'hooks.Stop[0]', reason: 'has no list of hooks' }];
    expect(await hooks('', { ...context, hooks: { ...all, entries: [], problems } })).toBe(
      [
        'No hooks are configured here.\n',
        '## Left out, because they are broken\n',
        '- user, `~/.claude/settings.json`: `hooks.Stop[0]` has no list of hooks\n',
      ].join('\n'),
    );
  });

  test('the last ten runs of these files are told, and none of other folders [HK-5]', async () => {
    const elsewhere = run('secret.sh', { source: { ...project, file: '/home/eve/.claude/settings.json' } });
    const failed = run('./check.sh', { outcome: 'error', error: 'exit code 3' });
    const runs = [elsewhere, failed, ...Array.from({ length: 12 }, (_, index) => run(`r${index}`))];
    const text = await hooks('', { ...context, hooks: { ...all, runs } });
    const lines = text.slice(text.indexOf('## Last runs')).trim().split('\n').slice(2);
    expect(lines).toHaveLength(10);
    expect(lines.slice(0, 2)).toEqual([
      '- 1 min ago: PreToolUse `./check.sh` ended with error after 12 ms (`exit code 3`)',
      '- 1 min ago: PreToolUse `r0` ended with success after 12 ms',
    ]);
    expect(text).not.toContain('secret.sh');
  });

  test('secrets in commands and addresses do not show, nor does anything hide [SEC-3] [HK-5]', async () => {
    const sly = hooksOf({
      Stop: [
        { hooks: [{ type: 'command', command: './a --token hidden --key=hidden\n`rm -rf ~`\u202e' }] },
        { hooks: [{ type: 'http', url: 'https://x/?api_key=hidden' }] },
      ],
    });
    const runs = [
      run('./a --token hidden', { source: sly[0]?.source ?? project, error: 'TOKEN sk-ant-hidden-hidden' }),
    ];
    const text = await hooks('', builtInContext({ hooks: { ...all, entries: sly, selected: sly, runs } }));
    expect(text).not.toContain('hidden');
    expect(text).toContain('`` ./a --token [redacted] --key=[redacted] `rm -rf ~`\\u{202e} ``');
  });
});
