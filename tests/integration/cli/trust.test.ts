import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseHooks } from '../../../middleware/features/hooks/config/parse-hooks.ts';
import { commandSubject } from '../../../middleware/features/trust/subjects.ts';
import { TrustStore } from '../../../middleware/features/trust/trust-store.ts';
import type { TrustRecord, TrustSubject } from '../../../middleware/features/trust/trust-record.ts';
import { subjectOfHook } from '../../../middleware/features/hooks/trust/subject-of-hook.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { createCliPlace, type CliPlace } from './cli-place.ts';
import { runInTerminal } from './terminal.ts';

let place: CliPlace;

beforeEach(() => {
  place = createCliPlace();
});

afterEach(() => {
  place.remove();
});

const hooks = {
  PreToolUse: [{ matcher: 'Bash', hooks: [{ type: 'command', command: './check.sh' }] }],
};
const review = '---\nallowed-tools: Bash(git status:*)\n---\nState: !`git status --short`\n';
const generate = 'module.exports = () => "hi";\n';
const script = 'print("x")\n';

/** One of everything that a project may want to run. */
function writeProject(): void {
  place.write({
    'project/.claude/settings.json': { hooks },
    'project/check.sh': 'exit 0\n',
    'project/.claude/commands/review.md': review,
    'project/.claude/commands/plain.md': 'Say hello.\n',
    'project/.claude/commands/gen.js': generate,
    'project/.claude/hooks/pre_input.py': script,
    'project/.mcp.json': { mcpServers: { db: { command: 'db', args: ['--port', '1'] } } },
  });
}

const inProject = (path: string) => join(place.project, path);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

interface Listed {
  readonly workspace: string;
  readonly records: readonly TrustRecord[];
  readonly waiting: readonly {
    readonly subject: TrustSubject;
    readonly what: string;
    readonly runs: string;
    readonly file: string;
  }[];
}

const list = async () => (await place.run(['trust', 'list', '--json'])).json() as Listed;
const waiting = async () => (await list()).waiting.map(({ what }) => what);

/** What the middleware of the same folder of state would say. */
const middlewareTrusts = (subject: TrustSubject) =>
  new TrustStore({
    stateDir: place.stateDir,
    log: collectedLog().log,
    now: () => new Date(),
  }).isTrusted(subject);

const everything = [
  'a hook for PreToolUse of Bash',
  'the script pre_input.py',
  'the script of /gen',
  'the shell lines of /review',
  'the MCP server db',
];

describe('what waits for trust', () => {
  test('is every hook, script, command that runs something, and MCP server of the project [HK-3] [SEC-4]', async () => {
    writeProject();
    const { workspace, records, waiting: found } = await list();
    expect([workspace, records]).toEqual([place.project, []]);
    expect(found.map(({ subject, ...rest }) => ({ kind: subject.kind, ...rest }))).toEqual([
      {
        ...{ kind: 'hook', what: 'a hook for PreToolUse of Bash', runs: './check.sh' },
        ...{ file: inProject('.claude/settings.json'), permissions: [] },
      },
      {
        ...{ kind: 'hook', what: 'the script pre_input.py', runs: script },
        ...{ file: inProject('.claude/hooks/pre_input.py'), permissions: [] },
      },
      {
        ...{ kind: 'script', what: 'the script of /gen', runs: generate },
        ...{ file: inProject('.claude/commands/gen.js'), permissions: [] },
      },
      {
        ...{ kind: 'command', what: 'the shell lines of /review', runs: 'git status --short' },
        ...{ file: inProject('.claude/commands/review.md'), permissions: [] },
      },
      {
        ...{ kind: 'mcp', what: 'the MCP server db', file: inProject('.mcp.json'), permissions: [] },
        ...{ brief: 'db --port 1', runs: JSON.stringify({ command: 'db', args: ['--port', '1'] }, null, 2) },
      },
    ]);
    const hashes = new Map(found.map(({ what, subject }) => [what, subject.hash]));
    expect(hashes.get('the shell lines of /review')).toBe(sha256(review));
    expect(hashes.get('the script of /gen')).toBe(sha256(generate));
  });

  test('is nothing of the user, and nothing that settings of the user decided about [HK-3]', async () => {
    place.write({
      'home/.claude/settings.json': { hooks, enabledMcpjsonServers: ['db'] },
      'home/.claude/commands/gen.js': generate,
      'home/.claude/hooks/pre_input.py': script,
      'home/.claude.json': { mcpServers: { mine: { command: 'mine' } } },
      'project/.mcp.json': { mcpServers: { db: { command: 'db' }, other: { command: 'other' } } },
      'project/.claude/settings.json': { disabledMcpjsonServers: ['other'] },
    });
    expect(await waiting()).toEqual([]);
  });

  test('is no hook while hooks are switched off [HK-3]', async () => {
    writeProject();
    place.write({ 'home/.claude/settings.json': { disableAllHooks: true } });
    expect(await waiting()).not.toContain('a hook for PreToolUse of Bash');
  });

  test('is in the list for people, with what to do [HK-3]', async () => {
    place.write({ 'project/.claude/commands/review.md': review });
    const hash = sha256(review).slice(0, 12);
    expect((await place.run(['trust'])).stdout).toBe((await place.run(['trust', 'list'])).stdout);
    expect((await place.run(['trust', 'list'])).stdout).toBe(
      [
        'Decided',
        '  nothing',
        '',
        `Waiting in ${place.project}`,
        `  command  ${hash}  the shell lines of /review  git status --short  .claude/commands/review.md`,
        '',
        'Read and allow it with: codex-plus trust add',
        '',
      ].join('\n'),
    );
  });
});

describe('trust add', () => {
  test('of a file allows what is written there, shows it, and the middleware sees it [HK-3] [SEC-4]', async () => {
    writeProject();
    const { exitCode, stdout } = await place.run(['trust', 'add', '.claude/settings.json', '--yes']);
    expect(exitCode).toBe(0);
    const { records } = await list();
    const hash = sha256(JSON.stringify({ hooks })).slice(0, 12);
    const provenance = `File: .claude/settings.json (sha256 ${hash}); There is no repository, or git did not answer, so its author is not known.`;
    expect(records).toEqual([
      {
        ...{ kind: 'hook', project: place.project, hash: records[0]?.hash, decision: 'allowed' },
        // Names its place in the settings, so that a changed hook is known as the change of this one.
        place: expect.stringMatching(/^[0-9a-f]{64}$/),
        ...{ at: expect.stringMatching(/^\d{4}-/), by: 'cli', provenance },
      },
    ]);
    expect(stdout).toBe(
      [
        `${place.project} wants to run a hook for PreToolUse of Bash:`,
        '',
        '    ./check.sh',
        '',
        ...provenance.split('; '),
        '',
        `allowed hook ${records[0]?.hash.slice(0, 12)}`,
        '',
        '1 of 1 allowed',
        '',
      ].join('\n'),
    );
    const [entry] = parseHooks([
      {
        source: {
          ...{ scope: 'project', family: 'claude', file: inProject('.claude/settings.json') },
          baseDir: place.project,
        },
        value: hooks,
      },
    ]).entries;
    const checked = entry === undefined ? undefined : await subjectOfHook(entry, place.project);
    expect(checked !== undefined && (await middlewareTrusts(checked.subject))).toBe(true);
    expect(await waiting()).toEqual(everything.slice(1));
  });

  test('shows and keeps who committed the file last [SEC-4]', async () => {
    writeProject();
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=Ann Author', '-c', 'user.email=ann@example.org', ...args], {
        cwd: place.project,
        env: {
          ...place.env,
          GIT_COMMITTER_DATE: '2026-05-01T00:00:00Z',
          GIT_AUTHOR_DATE: '2026-05-01T00:00:00Z',
        },
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'Begin');
    const author = /Last commit: [0-9a-f]{8} of 2026-05-01 by Ann Author <ann@example\.org>/;
    const args = ['trust', 'add', '.claude/commands/review.md', '--yes'];
    expect((await place.run(args)).stdout).toMatch(author);
    expect((await list()).records[0]?.provenance).toMatch(author);
  });

  test('of everything allows everything; a change of any of it has to be allowed again [HK-3]', async () => {
    writeProject();
    expect((await place.run(['trust', 'add', '--all', '--yes'])).stdout).toMatch(/5 of 5 allowed\n$/);
    expect(await waiting()).toEqual([]);
    expect((await place.run(['trust', 'add', '--all', '--yes'])).stdout).toBe(
      'nothing waits for trust here\n',
    );
    place.write({
      // The hook's own line is as before.
      'project/check.sh': 'curl evil.example\n',
      'project/.claude/commands/review.md': `${review}\n`,
      'project/.claude/commands/gen.js': `${generate}\n`,
      'project/.claude/hooks/pre_input.py': `${script}\n`,
      'project/.mcp.json': { mcpServers: { db: { command: 'db', args: ['--port', '2'] } } },
    });
    expect(await waiting()).toEqual(everything);
  });

  test('allows in this project only [HK-3]', async () => {
    place.write({ 'project/.claude/commands/review.md': review, 'other/.claude/commands/review.md': review });
    await place.run(['trust', 'add', '--all', '--yes']);
    const { json } = await place.run(['trust', 'list', '--json', '--workspace', '../other']);
    expect((json() as Listed).waiting.map(({ what }) => what)).toEqual(['the shell lines of /review']);
    expect(await middlewareTrusts(commandSubject(place.project, sha256(review)))).toBe(true);
    expect(await middlewareTrusts(commandSubject(join(place.root, 'other'), sha256(review)))).toBe(false);
  });

  test('finds a file by way of a link [HK-3]', async () => {
    place.write({ 'project/.claude/commands/review.md': review });
    symlinkSync(place.project, join(place.root, 'link'));
    const file = join(realpathSync(place.root), 'link/.claude/commands/review.md');
    expect((await place.run(['trust', 'add', file, '--yes'])).stdout).toMatch(/1 of 1 allowed\n$/);
  });

  test('of a file turns a no into a yes, and everything does not [HK-3]', async () => {
    place.write({ 'project/.claude/commands/review.md': review });
    const store = new TrustStore({
      stateDir: place.stateDir,
      log: collectedLog().log,
      now: () => new Date(),
    });
    const subject = commandSubject(place.project, sha256(review));
    await store.deny(subject, { scope: 'always', by: 'conversation', provenance: '' });
    await place.run(['trust', 'add', '--all', '--yes']);
    expect(await store.decisionOn(subject)).toBe('denied');
    await place.run(['trust', 'add', '.claude/commands/review.md', '--yes']);
    expect(await store.decisionOn(subject)).toBe('allowed');
  });

  test('of another project finds a file as the list names it, and without --workspace says which was looked at [HK-3]', async () => {
    place.write({ 'project/.claude/commands/review.md': review, 'elsewhere/README.md': '' });
    const cwd = join(place.root, 'elsewhere');
    const named = ['trust', 'add', '.claude/commands/review.md', '--yes'];
    const lost = await place.run(named, { cwd });
    expect(lost.stderr).toContain(`nothing in ${cwd} does; --workspace names another project\n`);
    const found = await place.run([...named, '--workspace', inProject('')], { cwd });
    expect([found.exitCode, found.stderr]).toEqual([0, '']);
  });

  test('of a file in which nothing waits says where something does [HK-3]', async () => {
    place.write({ 'project/.claude/commands/review.md': review, 'project/README.md': '' });
    const { exitCode, stderr } = await place.run(['trust', 'add', 'README.md', '--yes']);
    expect([exitCode, stderr]).toEqual([
      1,
      `${inProject('README.md')} has nothing in it that needs trust here; these do: ${inProject('.claude/commands/review.md')}\n`,
    ]);
  });

  test.each([
    [[], 'nobody can be asked here: read codex-plus trust list, then say --yes with a file or --all\n'],
    [
      ['--all'],
      'nobody can be asked here: read codex-plus trust list, then say --yes with a file or --all\n',
    ],
    [['--yes'], '--yes needs a file or --all\n'],
    [['x', '--all', '--yes'], 'say a file or --all, not both\n'],
  ])('%j with nobody to ask is a wrong call, and nothing is kept [HK-3]', async (args, reason) => {
    writeProject();
    const { exitCode, stdout, stderr } = await place.run(['trust', 'add', ...args]);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: reason });
    expect(existsSync(place.stateDir)).toBe(false);
  });

  test('asks in a terminal about each, and only a yes allows [HK-3] [SEC-4]', async () => {
    writeProject();
    const { exitCode, screen } = await runInTerminal(place, ['trust', 'add'], ['n', 'y', '\r', 'n', 'n']);
    expect(screen).toContain('1 of 5 allowed');
    expect(exitCode).toBe(0);
    expect(await waiting()).toEqual(everything.filter((what) => what !== 'the script pre_input.py'));
  }, 90_000);

  test('that is interrupted keeps what was said before [HK-3]', async () => {
    writeProject();
    const { exitCode, screen } = await runInTerminal(place, ['trust', 'add'], ['y', '\u0003']);
    expect([exitCode, screen]).toEqual([1, expect.stringContaining('stopped; 1 allowed')]);
    expect(await waiting()).toEqual(everything.slice(1));
  }, 90_000);
});

describe('trust remove', () => {
  test('forgets by the beginning of a hash, or everything, so that it waits again [HK-3]', async () => {
    writeProject();
    await place.run(['trust', 'add', '--all', '--yes']);
    const hash = sha256(review).slice(0, 12);
    expect((await place.run(['trust', 'remove', hash])).stdout).toBe('forgot 1 decision\n');
    expect(await waiting()).toEqual(['the shell lines of /review']);
    expect((await place.run(['trust', 'remove', '--all'])).stdout).toBe('forgot 4 decisions\n');
    expect(await waiting()).toEqual(everything);
  });

  test('of what nobody decided about fails; without a word what is meant it is a wrong call [HK-3]', async () => {
    expect(await place.run(['trust', 'remove', 'abc'])).toMatchObject({
      ...{ exitCode: 1, stdout: '' },
      stderr: 'nothing was decided about abc; see: codex-plus trust list\n',
    });
    expect((await place.run(['trust', 'remove', ''])).exitCode).toBe(1);
    expect((await place.run(['trust', 'remove'])).exitCode).toBe(2);
    expect((await place.run(['trust', 'remove', 'abc', '--all'])).exitCode).toBe(2);
  });
});
