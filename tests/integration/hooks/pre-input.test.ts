import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runPreInput } from '../../../middleware/features/hooks/scripts/pre-input.ts';
import { findScriptHooks } from '../../../middleware/features/hooks/scripts/script-hooks.ts';
import { runBounded } from '../../../middleware/platform/process/run-bounded.ts';
import { onPrompt, settingsFile } from '../../support/made-up-hooks.ts';
import { nothing } from '../../support/start-hooks.ts';

const top = mkdtempSync(join(tmpdir(), 'pre-input-'));
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(top, 'hooks-'));
});

afterAll(() => {
  rmSync(top, { recursive: true });
});

/** Sends a prompt through scripts, each in a folder of its own. */
const run = (
  prompt: string,
  scripts: readonly (readonly [name: string, content: string])[],
  timeoutMs = 5_000,
) => {
  const folders = scripts.map(([name, content]) => {
    const folder = mkdtempSync(join(dir, 'script-'));
    writeFileSync(join(folder, name), content);
    return { dir: folder, names: [name], source: settingsFile() };
  });
  const found = findScriptHooks(folders, {
    node: process.execPath,
    firstLine: (path) => readFileSync(path, 'utf8').split('\n')[0] ?? '',
  });
  const signal = new AbortController().signal;
  return runPreInput(
    found,
    { input: onPrompt(prompt), cwd: dir, env: process.env, signal, timeoutMs },
    { runCommand: runBounded, persist: () => Promise.resolve(undefined) },
  );
};
const sh = (content: string) => ['pre_input.sh', content] as const;
const problem = (error: string) => ({
  ...nothing,
  prompt: 'hello',
  problems: [`UserPromptSubmit hook [pre_input.sh] failed: ${error}`],
});

describe('a pre_input script', () => {
  test('gets the JSON of a prompt, and says nothing to leave it [HK-6]', async () => {
    expect(await run('hello', [sh('cat > in')])).toEqual({ ...nothing, prompt: 'hello' });
    expect(readFileSync(join(dir, 'in'), 'utf8')).toBe(`${JSON.stringify(onPrompt('hello'))}\n`);
  });

  test('replaces the prompt, each on what the one before it left [HK-6]', async () => {
    const python =
      'import json, sys\nprompt = json.load(sys.stdin)["prompt"]\nprint(json.dumps({"prompt": prompt.upper()}))\n';
    const script = `process.stdin.toArray().then(([bytes]) => {
      const { prompt } = JSON.parse(bytes);
      console.log(JSON.stringify({ prompt: prompt + '!' }));
    });`;
    expect(
      await run('hello', [
        ['pre_input.py', python],
        ['pre_input.cjs', script],
      ]),
    ).toEqual({ ...nothing, prompt: 'HELLO!' });
  });

  test('replaces a prompt that is longer than other output may be [HK-6]', async () => {
    const python = 'import json, sys\nprint(json.dumps({"prompt": json.load(sys.stdin)["prompt"] + "."}))\n';
    const long = 'é'.repeat(100_000);
    expect((await run(long, [['pre_input.py', python]])).prompt).toBe(`${long}.`);
  });

  test('adds context with plain text or with an answer [HK-6]', async () => {
    const answer = { hookSpecificOutput: { hookEventName: 'UserPromptSubmit', additionalContext: 'two' } };
    expect(await run('hello', [sh('echo one'), sh(`echo '${JSON.stringify(answer)}'`)])).toEqual({
      ...nothing,
      prompt: 'hello',
      contexts: ['UserPromptSubmit hook success: one', 'UserPromptSubmit hook additional context: two'],
    });
  });

  test('refuses the prompt, and the scripts after it do not run [HK-6]', async () => {
    expect(await run('hello', [sh('echo no >&2; exit 2'), sh('touch ran')])).toEqual({
      ...nothing,
      prompt: 'hello',
      refusal: 'UserPromptSubmit operation blocked by hook:\n[pre_input.sh]: no\n\n\nOriginal prompt: hello',
    });
    expect(() => readFileSync(join(dir, 'ran'))).toThrow('ENOENT');
  });

  test('runs in bash where its first line says so [HK-6]', async () => {
    expect(
      (await run('hello', [sh('#!/usr/bin/env bash\nwords=(one two)\necho "${words[1]}"')])).contexts,
    ).toEqual(['UserPromptSubmit hook success: two']);
  });
});

describe('a pre_input script that fails leaves the prompt as it is', () => {
  test.each([
    ['with an exit code', 'echo oops >&2; exit 1', 'oops'],
    [
      'with a prompt that is no text',
      `echo '{"prompt": ["a"]}'`,
      'its JSON answer is not valid: prompt: expected string, received array',
    ],
    [
      'with another wrong type',
      `echo '{"prompt": "new", "continue": "no"}'`,
      'its JSON answer is not valid: continue: expected boolean, received string',
    ],
    ['with an exit code beside its answer', `echo '{"prompt": "new"}'; exit 1`, 'ended with exit code 1'],
  ])('%s [HK-6]', async (_, script, error) => {
    expect(await run('hello', [sh(script)])).toEqual(problem(error));
  });

  test('at its time limit [HK-4] [HK-6]', async () => {
    expect(await run('hello', [sh('sleep 60')], 200)).toEqual(problem('did not end within 0.2 s'));
  });
});
