import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { HookInput } from '../../../middleware/features/hooks/hook-input.ts';
import type { HookCommand } from '../../../middleware/features/hooks/hook-effects.ts';
import type { HookEnd } from '../../../middleware/features/hooks/answer/parse-output.ts';
import { hookEnd } from '../../support/decide-hook.ts';
import { beforeBash, hooksOf, onPrompt } from '../../support/made-up-hooks.ts';
import { nothing, startHooks } from '../../support/start-hooks.ts';
import { until } from '../../support/until.ts';

const commands = (...texts: string[]) => hooksOf({ PreToolUse: texts.map((command) => ({ command })) });

describe('commands', () => {
  test('all that match start at once, and count in order of completion [HK-1]', async () => {
    const waiting = new Map<string, (end: HookEnd) => void>();
    const runCommand = ({ args }: HookCommand) =>
      new Promise<HookEnd>((resolve) => waiting.set(args[1] ?? '', resolve));
    const entries = hooksOf({ UserPromptSubmit: [{ command: 'slow' }, { command: 'quick' }] });
    const { outcome } = startHooks({ entries, input: onPrompt('p'), runCommand });
    await until(() => waiting.size === 2);
    waiting.get('quick')?.(hookEnd({ stdout: '1' }));
    await nextTurn();
    waiting.get('slow')?.(hookEnd({ stdout: '2' }));
    expect((await outcome).contexts).toEqual([
      'UserPromptSubmit hook success: 1',
      'UserPromptSubmit hook success: 2',
    ]);
  });

  test('an identical command runs once, whichever files, matchers and time limits name it [HK-1]', async () => {
    const ran: string[] = [];
    const hook = { type: 'command', command: 'same' };
    const entries = [
      ...hooksOf({ PreToolUse: [{ matcher: 'Bash', hooks: [hook, hook, { ...hook, timeout: 9 }] }] }),
      ...hooksOf({ PreToolUse: [{ matcher: '*', hooks: [hook, { ...hook, args: ['x'] }] }] }),
    ];
    const runCommand = ({ file, args }: HookCommand) => {
      ran.push([file, ...args].join(' '));
      return Promise.resolve(hookEnd());
    };
    await startHooks({ entries, runCommand }).outcome;
    expect(ran).toEqual(['/bin/sh -c same', 'same x']);
  });

  test('a refusal is told at once; a slower hook is not ended, only not heard [HK-1]', async () => {
    let finish: (end: HookEnd) => void = () => undefined;
    const runCommand = ({ args, signal }: HookCommand) => {
      if (args[1] === 'no') return Promise.resolve(hookEnd({ exitCode: 2, stderr: 'no' }));
      return new Promise<HookEnd>((resolve) => {
        finish = resolve;
        signal.addEventListener('abort', () => {
          resolve({ ...hookEnd(), ending: 'aborted' });
        });
      });
    };
    const { outcome, runs } = startHooks({ entries: commands('slow', 'no'), runCommand });
    expect((await outcome).refusal).toBe('PreToolUse:Bash hook error: [no]: no');
    finish(hookEnd({ stdout: '{"systemMessage":"unheard"}' }));
    await until(() => runs.length === 2);
    expect(runs.map(({ label, outcome: how }) => [label, how])).toEqual([
      ['no', 'blocked'],
      ['slow', 'success'],
    ]);
  });

  test('a hook that cannot be run, for a reason of ours, has failed, and blocks where it is to [HK-4]', async () => {
    const runCommand = (): Promise<HookEnd> => Promise.reject(new Error('no space left'));
    const entries = hooksOf({
      PreToolUse: [
        { command: 'one' },
        { command: 'two', async: true },
        { command: 'three', onFailure: 'block' },
      ],
    });
    const { outcome, runs } = startHooks({ entries, runCommand });
    expect((await outcome).refusal).toContain('no space left');
    await until(() => runs.length === 3);
    const failed = runs.filter(({ error }) => error?.includes('no space left') === true);
    expect(failed.map(({ label }) => label).sort()).toEqual(['one', 'two']);
  });

  test('what fails when a hook in the background is told ends nothing [HK-4]', async () => {
    const faults: unknown[] = [];
    const note = (fault: unknown): void => {
      faults.push(fault);
    };
    process.on('unhandledRejection', note);
    const onRun = (): never => {
      throw new Error('made to fail');
    };
    const entries = hooksOf({ PreToolUse: [{ command: 'one', async: true }] });
    await startHooks({ entries, onRun, runCommand: () => Promise.resolve(hookEnd()) }).outcome;
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    process.off('unhandledRejection', note);
    expect(faults).toEqual([]);
  });

  test('an objection that ends nothing waits for the others [HK-1]', async () => {
    const entries = hooksOf({ Stop: [{ command: 'no' }, { command: 'slow' }] });
    const runCommand = async ({ args }: HookCommand) => {
      if (args[1] === 'no') return hookEnd({ exitCode: 2, stderr: 'no' });
      await nextTurn();
      return hookEnd({ stdout: '{"systemMessage":"heard"}' });
    };
    const input: HookInput = { hook_event_name: 'Stop' };
    expect(await startHooks({ entries, input, runCommand }).outcome).toEqual({
      ...nothing,
      feedback: ['Stop hook feedback:\n[no]: no'],
      messages: ['Stop says: heard'],
    });
  });

  test('each gets its input, its limits and what it declares [HK-1] [HK-4]', async () => {
    const seen: HookCommand[] = [];
    const runCommand = (command: HookCommand) => {
      seen.push(command);
      return Promise.resolve(hookEnd());
    };
    const entries = [
      ...hooksOf({ PreToolUse: [{ matcher: 'Bash', command: 'log $tool', permissions: ['run:log'] }] }),
      ...hooksOf({
        PreToolUse: [{ hooks: [{ type: 'command', command: '${CLAUDE_PROJECT_DIR}/x', args: ['$HOME'] }] }],
      }),
    ];
    await startHooks({ entries, runCommand, env: { CLAUDE_PROJECT_DIR: '/shop' } }).outcome;
    const common = {
      cwd: '/shop',
      stdin: `${JSON.stringify(beforeBash('ls'))}\n`,
      keepBytes: 65_536,
      floodBytes: 16_777_216,
      signal: expect.any(AbortSignal),
      onStdout: expect.any(Function),
    };
    expect(seen).toEqual([
      {
        ...common,
        file: '/bin/sh',
        args: ['-c', 'log ${tool:+"${tool}"}'],
        env: { CLAUDE_PROJECT_DIR: '/shop', tool: 'Bash', file: '' },
        timeoutMs: 5_000,
        permissions: ['run:log'],
      },
      {
        ...common,
        file: '/shop/x',
        args: ['$HOME'],
        env: { CLAUDE_PROJECT_DIR: '/shop' },
        timeoutMs: 600_000,
        permissions: undefined,
      },
    ]);
  });

  test('an empty one, and one that cannot be run at all, are failures that let things go on [HK-1]', async () => {
    expect(await startHooks({ entries: commands(' ', 'c') }).outcome).toEqual({
      ...nothing,
      problems: [
        'PreToolUse:Bash hook [ ] failed: its command is empty',
        'PreToolUse:Bash hook [c] failed: not expected',
      ],
    });
  });

  test('every run is recorded with its source and outcome [HK-5]', async () => {
    let time = 1_000;
    const { outcome, runs } = startHooks({
      entries: commands('c'),
      runCommand: () => Promise.resolve(hookEnd({ exitCode: 1, stderr: 'oops' })),
      now: () => (time += 5),
    });
    await outcome;
    expect(runs).toEqual([
      {
        event: 'PreToolUse',
        label: 'c',
        source: commands('c')[0]?.source,
        startedAt: 1_005,
        durationMs: 5,
        outcome: 'error',
        error: 'oops',
      },
    ]);
  });
});

describe('hooks that nothing waits for', () => {
  const note =
    '{"systemMessage":"hi","hookSpecificOutput":{"hookEventName":"PreToolUse","additionalContext":"note"}}';
  const words = {
    contexts: ['PreToolUse:Bash hook additional context: note'],
    messages: ['PreToolUse:Bash says: hi'],
  };

  test('async: true does not hold up, nor end with the exchange, nor block; its words come later [HK-1]', async () => {
    const exchange = new AbortController();
    let finish: (end: HookEnd) => void = () => undefined;
    let isAborted = false;
    const entries = hooksOf({
      PreToolUse: [{ hooks: [{ type: 'command', command: 'c', async: true, onFailure: 'block' }] }],
    });
    const { outcome, later, runs } = startHooks({
      entries,
      signal: exchange.signal,
      runCommand: ({ signal }) => {
        signal.addEventListener('abort', () => (isAborted = true));
        return new Promise((resolve) => (finish = resolve));
      },
    });
    expect(await outcome).toEqual(nothing);
    exchange.abort();
    finish(hookEnd({ stdout: note, exitCode: 2 }));
    await until(() => later.length > 0);
    expect([later, isAborted, runs[0]?.outcome]).toEqual([[words], false, 'error']);
  });

  test('a first line {"async":true} sends a hook to the background, its answer is what follows [HK-1]', async () => {
    const exchange = new AbortController();
    let finish: (end: HookEnd) => void = () => undefined;
    let isAborted = false;
    const { outcome, later } = startHooks({
      entries: commands('c'),
      signal: exchange.signal,
      runCommand: ({ onStdout, signal }) => {
        signal.addEventListener('abort', () => (isAborted = true));
        onStdout('{"asy');
        onStdout('nc":true}\n{"cont');
        return new Promise((resolve) => (finish = resolve));
      },
    });
    expect(await outcome).toEqual(nothing);
    exchange.abort();
    finish(hookEnd({ stdout: `{"async":true}\n${note}\n` }));
    await until(() => later.length > 0);
    expect([later, isAborted]).toEqual([[words], false]);
  });

  test('it may say so and end at once [HK-1]', async () => {
    const { outcome, later } = startHooks({
      entries: commands('c'),
      runCommand: ({ onStdout }) => {
        onStdout('{"async":true}\n');
        return Promise.resolve(hookEnd({ stdout: `{"async":true}\n${note}` }));
      },
    });
    expect(await outcome).toEqual(nothing);
    await until(() => later.length > 0);
    expect(later).toEqual([words]);
  });

  test('any other first line is part of the answer [HK-1]', async () => {
    const entries = hooksOf({ UserPromptSubmit: [{ command: 'c' }] });
    const text = 'working\n{"async":true}';
    const { outcome } = startHooks({
      entries,
      input: onPrompt('p'),
      runCommand: ({ onStdout }) => {
        onStdout(text);
        return Promise.resolve(hookEnd({ stdout: text }));
      },
    });
    expect((await outcome).contexts).toEqual([`UserPromptSubmit hook success: ${text}`]);
  });

  test('a hook that still waits ends with the exchange [HK-1]', async () => {
    const exchange = new AbortController();
    const { outcome } = startHooks({
      entries: commands('c'),
      signal: exchange.signal,
      runCommand: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            resolve({ ...hookEnd(), ending: 'aborted', exitCode: undefined, summary: 'was stopped' });
          });
        }),
    });
    exchange.abort();
    expect((await outcome).problems).toEqual(['PreToolUse:Bash hook [c] failed: was stopped']);
  });
});
