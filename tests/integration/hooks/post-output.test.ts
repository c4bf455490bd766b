import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { postOutput } from '../../../middleware/features/hooks/scripts/post-output.ts';
import { findScriptHooks } from '../../../middleware/features/hooks/scripts/script-hooks.ts';
import { TextChannel } from '../../../middleware/features/hooks/scripts/text-channel.ts';
import { startBounded } from '../../../middleware/platform/process/bounded-child.ts';
import { isRunning } from '../../support/is-running.ts';
import { settingsFile } from '../../support/made-up-hooks.ts';
import { until } from '../../support/until.ts';

const top = mkdtempSync(join(tmpdir(), 'post-output-'));
let dir: string;
let problems: string[];

beforeEach(() => {
  dir = mkdtempSync(join(top, 'hooks-'));
  problems = [];
});

afterAll(() => {
  rmSync(top, { recursive: true });
});

/** The transform of `post_output` scripts, each in a folder of its own. */
const transformOf = (scripts: readonly (readonly [name: string, content: string])[], timeoutMs = 5_000) => {
  const folders = scripts.map(([name, content]) => {
    const folder = mkdtempSync(join(dir, 'script-'));
    writeFileSync(join(folder, name), content);
    return { dir: folder, names: [name], source: settingsFile() };
  });
  const found = findScriptHooks(folders, {
    node: process.execPath,
    firstLine: (path) => readFileSync(path, 'utf8').split('\n')[0] ?? '',
  });
  return postOutput(found, {
    cwd: dir,
    env: process.env,
    signal: new AbortController().signal,
    timeoutMs,
    start: (options) => startBounded({ ...options, floodBytes: Infinity, background: 'ends' }),
    onProblem: (problem) => problems.push(problem),
  });
};

/** Sends pieces through one shell script and collects what comes out. */
const through = async (script: string, pieces: readonly string[], timeoutMs?: number) => {
  let out = '';
  for await (const piece of transformOf([['post_output.sh', script]], timeoutMs)(textOf(pieces)))
    out += piece;
  return out;
};

// eslint-disable-next-line @typescript-eslint/require-await
async function* textOf(pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}

const upper = 'while IFS= read -r line || [ -n "$line" ]; do echo "$line" | tr a-z A-Z; done';

describe('the text of an answer', () => {
  test('is what the script prints, whichever pieces it came in [HK-6]', async () => {
    expect(await through(upper, ['one', ' two\nthr', 'ee\n', 'é four'])).toBe('ONE TWO\nTHREE\né FOUR\n');
    expect(problems).toEqual([]);
  });

  test('streams: a line comes out before the next one goes in [HK-6]', async () => {
    const text = new TextChannel();
    const out = transformOf([['post_output.sh', upper]])(text.read())[Symbol.asyncIterator]();
    text.push('one\n');
    expect(await out.next()).toEqual({ done: false, value: 'ONE\n' });
    text.push('two\n');
    expect(await out.next()).toEqual({ done: false, value: 'TWO\n' });
    text.close();
    expect(await out.next()).toEqual({ done: true, value: undefined });
  });

  test('streams through Python and JavaScript, too, and from one script to the next [HK-6]', async () => {
    const python = 'import sys\nfor line in sys.stdin:\n    print("p " + line, end="")\n';
    const script = `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => console.log('j ' + line));`;
    const text = new TextChannel();
    const transform = transformOf([
      ['post_output.py', python],
      ['post_output.cjs', script],
    ]);
    const out = transform(text.read())[Symbol.asyncIterator]();
    text.push('one\n');
    expect(await out.next()).toEqual({ done: false, value: 'j p one\n' });
    text.close();
    expect(await out.next()).toEqual({ done: true, value: undefined });
  });

  test('starts no script while there is none [HK-6]', async () => {
    expect(await through('touch started', [])).toBe('');
    expect(() => readFileSync(join(dir, 'started'))).toThrow('ENOENT');
  });

  test('passes a character on in one piece, wherever the script cuts it [HK-6]', async () => {
    const script = 'cat > /dev/null; printf "\\303"; sleep 0.1; printf "\\251\\n"';
    expect(await through(script, ['x'])).toBe('é\n');
  });

  test('is over when the script says so, however much comes behind [HK-6]', async () => {
    expect(
      await through(
        'echo end; exit 0',
        Array.from({ length: 50 }, () => 'x'.repeat(50_000)),
      ),
    ).toBe('end\n');
  });

  test('is over when the script says so, read or not [HK-6]', async () => {
    const text = new TextChannel();
    const out = transformOf([['post_output.sh', 'head -n 1']])(text.read())[Symbol.asyncIterator]();
    text.push('one\ntwo\n');
    expect(await out.next()).toEqual({ done: false, value: 'one\n' });
    expect(await out.next()).toEqual({ done: true, value: undefined });
    expect(problems).toEqual([]);
  });

  test('breaks off where the answer does [HK-6]', async () => {
    const text = new TextChannel();
    const out = transformOf([['post_output.sh', upper]])(text.read())[Symbol.asyncIterator]();
    text.push('one\n');
    expect(await out.next()).toEqual({ done: false, value: 'ONE\n' });
    text.fail(new Error('upstream is gone'));
    await expect(out.next()).rejects.toThrow('upstream is gone');
  });
});

describe('a script that fails', () => {
  test('before it printed anything leaves the text as it was [HK-6]', async () => {
    expect(await through('cat > /dev/null; echo oops >&2; exit 1', ['one\n', 'two'])).toBe('one\ntwo');
    expect(problems).toEqual(['post_output hook [post_output.sh] failed: oops']);
  });

  test('at once lets all pieces through, those that come later as well [HK-6]', async () => {
    const text = new TextChannel();
    const out = transformOf([['post_output.sh', 'exit 1']])(text.read())[Symbol.asyncIterator]();
    text.push('one ');
    expect(await out.next()).toEqual({ done: false, value: 'one ' });
    text.push('two');
    expect(await out.next()).toEqual({ done: false, value: 'two' });
    text.close();
    expect(await out.next()).toEqual({ done: true, value: undefined });
    expect(problems).toEqual(['post_output hook [post_output.sh] failed: ended with exit code 1']);
  });

  test('in the middle keeps what it printed; what it was not given goes on unchanged [HK-6]', async () => {
    const text = new TextChannel();
    const script = 'read -r line; echo "<$line>"; exit 3';
    const out = transformOf([['post_output.sh', script]])(text.read())[Symbol.asyncIterator]();
    text.push('one\n');
    expect(await out.next()).toEqual({ done: false, value: '<one>\n' });
    await until(() => problems.length > 0);
    text.push('two\n');
    expect(await out.next()).toEqual({ done: false, value: 'two\n' });
    text.close();
    expect(await out.next()).toEqual({ done: true, value: undefined });
  });

  test('by reading nothing of a long text is ended at its time limit, and little is kept for it [HK-4] [HK-6]', async () => {
    const piece = `${'x'.repeat(99_999)}\n`;
    let asked = 0;
    const source = async function* (): AsyncGenerator<string> {
      for (; asked < 100; asked += 1) {
        // What waits for it is what has been asked for while it was there.
        if (problems.length === 0) expect(asked).toBeLessThan(5);
        await Promise.resolve();
        yield piece;
      }
    };
    let out = '';
    for await (const got of transformOf([['post_output.sh', 'exec sleep 60']], 300)(source())) out += got;
    expect(out === piece.repeat(100)).toBe(true);
    expect(problems).toEqual([
      'post_output hook [post_output.sh] failed: neither read nor printed anything for 0.3 s',
    ]);
  });

  test('by stopping in the middle loses nothing that it was not given, in the right order [HK-6]', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at}\n`);
    const script = 'read -r line; echo "<$line>"; exec sleep 60';
    const out = await through(script, lines, 300);
    expect(out.startsWith('<line 0>\n')).toBe(true);
    const rest = out.slice('<line 0>\n'.length);
    expect(rest === lines.join('').slice(-rest.length)).toBe(true);
    expect(rest.length).toBeGreaterThan(50_000);
  });

  test('is none that reads slowly: the text waits for it [HK-6]', async () => {
    // All of it takes longer than the limit; what is left in the pipe at its end takes a small part of that.
    const lines = Array.from({ length: 200 }, (_, at) => `${String(at).padEnd(9_999)}\n`);
    const script = 'while read -r line; do sleep 0.01; echo "$line"; done';
    const out = await through(script, lines, 1_900);
    expect(out.split('\n').length).toBe(201);
    expect(problems).toEqual([]);
  });

  test('with exit code 2 lets nothing more through [HK-6]', async () => {
    const script = 'read -r line; echo "$line"; echo secret found >&2; exit 2';
    expect(await through(script, ['one\n', 'secret\n'])).toBe('one\n');
    expect(problems).toEqual(['post_output hook [post_output.sh] failed: secret found']);
  });

  test('cannot be started leaves the text as it was [HK-6]', async () => {
    const transform = postOutput(
      [{ slot: 'post_output', path: '/x', name: 'x', file: '/no/such', args: [], source: settingsFile() }],
      {
        cwd: dir,
        env: {},
        signal: new AbortController().signal,
        timeoutMs: 5_000,
        start: (options) => startBounded({ ...options, floodBytes: Infinity, background: 'ends' }),
        onProblem: (problem) => problems.push(problem),
      },
    );
    let out = '';
    for await (const piece of transform(textOf(['one']))) out += piece;
    expect([out, problems]).toEqual(['one', ['post_output hook [x] failed: was not found']]);
  });

  test('after the end of the text is ended at its time limit, with all that it started [HK-4] [HK-6]', async () => {
    const script = 'echo $$ > pids; sleep 60 & echo $! >> pids; cat > /dev/null; wait';
    expect(await through(script, ['one'], 300)).toBe('one');
    expect(problems).toEqual([
      'post_output hook [post_output.sh] failed: did not end within 0.3 s after the end of the text',
    ]);
    const pids = readFileSync(join(dir, 'pids'), 'utf8').trim().split('\n').map(Number);
    expect(pids.map(isRunning)).toEqual([false, false]);
  });

  test('by printing without end is ended [HK-4] [HK-6]', async () => {
    const out = await through('yes', ['one']);
    expect(out.length).toBeLessThan(200_000);
    expect(problems).toEqual([
      'post_output hook [post_output.sh] failed: printed far more than it was given',
    ]);
  });
});

test('a reader that leaves ends the script [HK-4] [HK-6]', async () => {
  const text = new TextChannel();
  const out = transformOf([['post_output.sh', `echo $$ > pids; ${upper}`]])(text.read())[
    Symbol.asyncIterator
  ]();
  text.push('one\n');
  await out.next();
  await out.return?.();
  const pid = Number(readFileSync(join(dir, 'pids'), 'utf8'));
  expect([isRunning(pid), problems]).toEqual([false, []]);
});

test('a script that has ended leaves nothing behind [HK-4] [HK-6]', async () => {
  expect(await through('sleep 60 & echo $! > pids; cat', ['one'])).toBe('one');
  const pid = Number(readFileSync(join(dir, 'pids'), 'utf8'));
  await until(() => !isRunning(pid));
});
