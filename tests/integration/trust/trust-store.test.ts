import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { TrustSubject } from '../../../middleware/features/trust/trust-record.ts';
import { TrustStore } from '../../../middleware/features/trust/trust-store.ts';
import type { Log, LogFields } from '../../../middleware/kernel/log.ts';
import { run } from '../../../middleware/platform/process/run.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { onLinux } from '../../support/sandbox-fixture.ts';
import { until } from '../../support/until.ts';

let stateDir: string;
let warnings: [string, LogFields | undefined][];

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'codex-plus-trust-'));
  warnings = [];
});

afterEach(() => {
  chmodSync(stateDir, 0o700);
  rmSync(stateDir, { recursive: true });
});

const file = (): string => join(stateDir, 'trust.json');

const silent = (): undefined => undefined;

const log: Log = {
  debug: silent,
  info: silent,
  warn: (message, fields) => warnings.push([message, fields]),
  error: silent,
  child: () => log,
};

/** Each decision is a second later than the one before. */
function createStore(): TrustStore {
  return new TrustStore({ stateDir, log, now: () => new Date((seconds += 1_000)) });
}

let seconds = Date.UTC(2026, 0, 1);

const subject = (hash: string, more: Partial<TrustSubject> = {}): TrustSubject => ({
  kind: 'hook',
  project: '/work/shop',
  hash,
  ...more,
});

const always = { scope: 'always', by: 'conversation', provenance: 'File: a' } as const;

const once = (conversation: string) => ({ ...always, scope: 'once', conversation }) as const;

describe('a decision', () => {
  test('of conversations is forgotten in its order where their names come to too much, and nothing is kept for good [SEC-4]', async () => {
    const store = createStore();
    const nameOf = (index: number): string => `${index} ${'x'.repeat(16_000)}`;
    for (const [index, count] of [
      [0, 500],
      [500, 2_000],
    ] as const) {
      for (let at = index; at < count; at += 1) {
        await store.keepAnswer(subject('h'), 'yes', { conversation: nameOf(at), provenance: '' });
      }
      const known = await Promise.all(
        Array.from({ length: count }, (_, at) => store.isTrusted(subject('h'), nameOf(at))),
      );
      expect(known.lastIndexOf(false)).toBe(count === 500 ? -1 : known.indexOf(true) - 1);
      expect(known.filter(Boolean).length).toBeLessThan(1_100);
    }
    expect(existsSync(file())).toBe(false);
  }, 120_000);

  test('for always is kept, with who decided, when and on what knowledge [HK-3] [SEC-4]', async () => {
    await createStore().allow(subject('h'), always);
    const other = createStore();
    expect(await other.isTrusted(subject('h'), 'any conversation')).toBe(true);
    expect(await other.list()).toEqual([
      {
        ...subject('h'),
        decision: 'allowed',
        at: new Date(seconds).toISOString(),
        by: 'conversation',
        provenance: 'File: a',
      },
    ]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(`${file()}.lock`).mode & 0o777).toBe(0o600);
  });

  test('is bound to the content, the use and the project [HK-3]', async () => {
    const store = createStore();
    await store.allow(subject('h'), always);
    const others = [
      subject('i'),
      subject('h', { kind: 'command' }),
      subject('h', { project: '/work/other' }),
    ];
    expect(await Promise.all(others.map((other) => store.decisionOn(other)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('for once holds in its conversation only, and nothing is written [HK-3]', async () => {
    const store = createStore();
    await store.allow(subject('h'), once('mine'));
    expect(await store.isTrusted(subject('h'), 'mine')).toBe(true);
    expect(await store.isTrusted(subject('h'), 'yours')).toBe(false);
    expect(await store.isTrusted(subject('h'))).toBe(false);
    expect(existsSync(file())).toBe(false);
  });

  test('against it is kept as well; the last word counts [HK-3]', async () => {
    const store = createStore();
    await store.allow(subject('h'), once('mine'));
    await createStore().deny(subject('h'), { ...always, by: 'cli' });
    expect(await store.decisionOn(subject('h'), 'mine')).toBe('denied');
    await store.allow(subject('h'), once('mine'));
    expect(await store.decisionOn(subject('h'), 'mine')).toBe('allowed');
    expect(await store.decisionOn(subject('h'), 'yours')).toBe('denied');
    await store.allow(subject('h'), always);
    expect((await store.list()).map(({ decision }) => decision)).toEqual(['allowed']);
  });

  test('that was forgotten is asked again [HK-3]', async () => {
    const store = createStore();
    await store.allow(subject('h'), always);
    await store.allow(subject('h'), once('mine'));
    await store.allow(subject('i', { project: '/work/other' }), always);
    expect(await store.remove(subject('h'))).toBe(true);
    expect(await store.remove(subject('h'))).toBe(false);
    expect(await store.decisionOn(subject('h'), 'mine')).toBeUndefined();
    expect(await store.list('/work/shop')).toEqual([]);
    expect((await store.list('/work/other')).map(({ hash }) => hash)).toEqual(['i']);
  });

  test('of another process counts at once [HK-3]', async () => {
    const [mine, theirs] = [createStore(), createStore()];
    expect(await mine.isTrusted(subject('h'))).toBe(false);
    await theirs.allow(subject('h'), always);
    expect(await mine.isTrusted(subject('h'))).toBe(true);
    await theirs.deny(subject('h'), always);
    expect(await mine.isTrusted(subject('h'))).toBe(false);
  });
});

/** A process that allows one hash after the other. */
const allowing = (prefix: string, count: number): readonly string[] => [
  '--input-type=module',
  '--eval',
  `
    import { TrustStore } from '${rootDir}/middleware/features/trust/trust-store.ts';
    const log = { debug() {}, info() {}, warn: console.error, error: console.error, child: () => log };
    const store = new TrustStore({ stateDir: '${stateDir}', log, now: () => new Date() });
    const terms = { scope: 'always', by: 'cli', provenance: 'File: a' };
    for (let index = 0; index < ${count}; index += 1) {
      await store.allow({ kind: 'hook', project: '/work/shop', hash: '${prefix}' + index }, terms);
    }
  `,
];

describe('several processes', () => {
  test('that decide at the same time lose none of their decisions [HK-3]', async () => {
    const prefixes = ['a', 'b', 'c', 'd'];
    const ends = await Promise.all(
      prefixes.map((prefix) =>
        run({
          file: process.execPath,
          args: allowing(prefix, 10),
          cwd: rootDir,
          env: {},
          timeoutMs: 60_000,
          maxOutputLength: 10_000,
          signal: new AbortController().signal,
        }),
      ),
    );
    expect(ends.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(prefixes.map(() => [0, '']));
    const hashes = (await createStore().list()).map(({ hash }) => hash).sort();
    expect(hashes).toEqual(
      prefixes.flatMap((prefix) => Array.from({ length: 10 }, (_, index) => `${prefix}${index}`)).sort(),
    );
    expect(warnings).toEqual([]);
  });

  test('that are killed while they decide leave a whole file and no lock [HK-3]', async () => {
    for (const prefix of ['a', 'b', 'c']) {
      const before = (await createStore().list()).length;
      const child = spawn(process.execPath, allowing(prefix, 100_000), { stdio: 'ignore' });
      await until(async () => (await createStore().list()).length > before + 3);
      child.kill('SIGKILL');
      await until(() => child.signalCode !== null);
    }
    const store = createStore();
    await store.allow(subject('last'), always);
    expect((await store.list()).at(-1)?.hash).toBe('last');
    expect(warnings).toEqual([]);
  });
});

describe('a file that cannot be relied on', () => {
  test.each([
    ['half a file', '{\n  "records": [\n    {"kind":"hook","proj', 0o600, 'its content is not ours'],
    ['another shape', '{"records":[{"kind":"hook","decision":"allowed"}]}', 0o600, 'its content is not ours'],
    ['nothing', '', 0o600, 'its content is not ours'],
    ['a file that others may write', '{"records":[]}', 0o666, 'others may write it'],
  ])('%s is put aside with a log line, and nothing is trusted [HK-3]', async (_name, text, mode, reason) => {
    writeFileSync(file(), text);
    chmodSync(file(), mode);
    const store = createStore();
    expect(await store.list()).toEqual([]);
    expect(await store.isTrusted(subject('h'))).toBe(false);
    const aside = join(stateDir, readdirSync(stateDir).find((name) => name.includes('damaged')) ?? '');
    expect(readFileSync(aside, 'utf8')).toBe(text);
    expect(warnings).toEqual([
      ['a file of state was put aside and counts as empty', { file: file(), reason, aside }],
    ]);
    await store.allow(subject('h'), always);
    expect(await store.isTrusted(subject('h'))).toBe(true);
  });

  // Only who is root can give a file away.
  (process.geteuid?.() === 0 ? test : test.skip)(
    'of another owner is put aside, and nothing is trusted [HK-3] [SEC-4]',
    async () => {
      await createStore().allow(subject('h'), always);
      chownSync(file(), 65_534, 65_534);
      expect(await createStore().isTrusted(subject('h'))).toBe(false);
      expect(warnings.map(([, fields]) => fields?.['reason'])).toEqual(['others may write it']);
    },
  );

  test('that damages while it is in use is not believed any more [HK-3]', async () => {
    const store = createStore();
    await store.allow(subject('h'), always);
    expect(await store.isTrusted(subject('h'))).toBe(true);
    writeFileSync(file(), 'garbage');
    expect(await store.isTrusted(subject('h'))).toBe(false);
  });

  test('that cannot be read trusts nothing, and a decision that cannot be kept is told [HK-3]', async () => {
    rmSync(stateDir, { recursive: true });
    writeFileSync(stateDir, 'a file in place of the folder');
    const store = createStore();
    expect([await store.isTrusted(subject('h')), await store.isTrusted(subject('h'))]).toEqual([
      false,
      false,
    ]);
    expect(warnings.map(([message]) => message)).toEqual([
      'a file of state cannot be read and counts as empty',
    ]);
    await expect(store.allow(subject('h'), always)).rejects.toThrow(
      `${file()} could not be written: its folder is not there and cannot be made`,
    );
    expect(await store.isTrusted(subject('h'))).toBe(false);
    await store.allow(subject('h'), { ...always, conversation: 'c' });
    expect(await store.isTrusted(subject('h'), 'c')).toBe(true);
    expect(await store.isTrusted(subject('h'), 'd')).toBe(false);
    expect(warnings.at(-1)?.[0]).toBe('an answer could not be kept: it counts for its conversation only');
    rmSync(stateDir);
    stateDir = mkdtempSync(join(tmpdir(), 'codex-plus-trust-'));
  });

  onLinux('whose folder cannot be made, as in /proc, is told at once', async () => {
    const store = new TrustStore({ stateDir: '/proc/none/x', log, now: () => new Date() });
    await expect(store.allow(subject('h'), always)).rejects.toThrow(
      'its folder is not there and cannot be made',
    );
  });
});
