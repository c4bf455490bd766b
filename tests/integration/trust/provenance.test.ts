import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { findProvenance } from '../../../middleware/features/trust/provenance.ts';

let folder: string;
let project: string;
let script: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-plus-provenance-')));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  project = mkdtempSync(join(folder, 'project-'));
  mkdirSync(join(project, 'hooks'));
  script = join(project, 'hooks', 'check.sh');
  git('init', '--quiet');
  writeFileSync(script, 'echo one\n');
  commit('2026-05-01T10:11:12+02:00');
});

const env = { PATH: process.env['PATH'], HOME: '/nonexistent' };

function git(...args: readonly string[]): string {
  const author = { GIT_AUTHOR_NAME: 'Ann Author', GIT_AUTHOR_EMAIL: 'ann@example.org' };
  const committer = { GIT_COMMITTER_NAME: 'C', GIT_COMMITTER_EMAIL: 'c@example.org' };
  const options = {
    cwd: project,
    env: { ...env, ...author, ...committer },
    stdio: 'pipe',
    encoding: 'utf8',
  } as const;
  return execFileSync('git', [...args], options).trim();
}

function commit(date: string): void {
  git('add', '.');
  git('commit', '--quiet', '--message', 'A change', `--date=${date}`);
}

const provenanceOf = (file = script) => findProvenance(file, { env, signal: new AbortController().signal });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const lastChange = () => ({
  commit: git('log', '-1', '--format=%H', '--', 'hooks/check.sh'),
  author: 'Ann Author',
  email: 'ann@example.org',
  at: '2026-05-01T10:11:12+02:00',
});

describe('the provenance of a file', () => {
  test('is its hash and the author of the last commit that changed it, not of the last commit [SEC-4]', async () => {
    writeFileSync(join(project, 'other'), 'x');
    commit('2026-06-01T00:00:00Z');
    expect(await provenanceOf()).toEqual({
      file: script,
      hash: sha256('echo one\n'),
      state: 'committed',
      lastChange: lastChange(),
    });
  });

  test('tells a change that was not committed, staged or not [SEC-4]', async () => {
    appendFileSync(script, 'echo two\n');
    const changed = {
      file: script,
      hash: sha256('echo one\necho two\n'),
      state: 'changed',
      lastChange: lastChange(),
    };
    expect(await provenanceOf()).toEqual(changed);
    git('add', '.');
    expect(await provenanceOf()).toEqual(changed);
  });

  test('does not take line ends of Windows for a change', async () => {
    writeFileSync(script, 'echo one\r\n');
    expect(await provenanceOf()).toMatchObject({ state: 'committed', hash: sha256('echo one\r\n') });
  });

  test('tells a file that is in no commit [SEC-4]', async () => {
    const file = join(project, 'hooks', 'new *.sh');
    writeFileSync(file, 'echo new\n');
    expect(await provenanceOf(file)).toEqual({
      file,
      hash: sha256('echo new\n'),
      state: 'uncommitted',
      lastChange: undefined,
    });
  });

  test('tells a file of a repository without a commit, and nothing of one that is damaged [SEC-4]', async () => {
    project = mkdtempSync(join(folder, 'new-'));
    git('init', '--quiet');
    const file = join(project, 'new.sh');
    writeFileSync(file, 'echo new\n');
    expect(await provenanceOf(file)).toMatchObject({ state: 'uncommitted', lastChange: undefined });
    git('add', '.');
    expect(await provenanceOf(file)).toMatchObject({ state: 'uncommitted', lastChange: undefined });
    writeFileSync(join(project, '.git', 'HEAD'), 'damaged');
    expect(await provenanceOf(file)).toMatchObject({ state: 'unknown' });
  });

  test('is that of the file behind a link', async () => {
    const link = join(project, 'link.sh');
    symlinkSync(script, link);
    expect(await provenanceOf(link)).toMatchObject({
      file: link,
      hash: sha256('echo one\n'),
      state: 'committed',
    });
  });

  test('is but the hash outside a repository, and not even that of a file that is missing [SEC-4]', async () => {
    const file = join(folder, 'alone.sh');
    writeFileSync(file, 'echo one\n');
    const unknown = { state: 'unknown', lastChange: undefined };
    expect(await provenanceOf(file)).toEqual({ file, hash: sha256('echo one\n'), ...unknown });
    const missing = join(folder, 'missing');
    expect(await provenanceOf(missing)).toEqual({ file: missing, hash: undefined, ...unknown });
  });

  test('is but the hash without git', async () => {
    const provenance = await findProvenance(script, {
      env: { PATH: folder },
      signal: new AbortController().signal,
    });
    expect(provenance).toEqual({
      file: script,
      hash: sha256('echo one\n'),
      state: 'unknown',
      lastChange: undefined,
    });
  });
});

describe('a repository that names programs for git to run', () => {
  let marker: string;

  beforeEach(() => {
    marker = join(project, 'it-ran');
    const evil = join(project, 'evil.sh');
    writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> ${marker}\nexit 1\n`);
    chmodSync(evil, 0o755);
    writeFileSync(join(project, '.gitattributes'), '* filter=evil diff=evil\n');
    const settings = {
      'core.fsmonitor': evil,
      'core.pager': evil,
      'core.hooksPath': project,
      'core.sshCommand': evil,
      'diff.external': evil,
      'diff.evil.textconv': evil,
      'filter.evil.clean': evil,
      'gpg.program': evil,
      'log.showSignature': 'true',
      'log.follow': 'true',
    };
    for (const [name, value] of Object.entries(settings)) git('config', name, value);
    rmSync(marker, { force: true });
  });

  test('runs none of them, also for a signed commit and a changed file [SEC-4]', async () => {
    const signed = git('cat-file', 'commit', 'HEAD').replace(
      /\n\n/,
      '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n\n',
    );
    const object = join(project, 'object');
    writeFileSync(object, `${signed}\n`);
    git('update-ref', 'HEAD', git('hash-object', '-t', 'commit', '-w', '--no-filters', object));
    // The repository is as bad as it seems.
    git('log', '-1');
    expect(existsSync(marker)).toBe(true);
    rmSync(marker);
    appendFileSync(script, 'echo two\n');
    expect(await provenanceOf()).toMatchObject({ state: 'changed', lastChange: { author: 'Ann Author' } });
    expect(existsSync(marker)).toBe(false);
  });

  test('leaves its author untold where a setting keeps git from it, and the state is known [SEC-4]', async () => {
    git('config', 'log.mailmap', '/x');
    expect(await provenanceOf()).toMatchObject({ state: 'committed', lastChange: undefined });
  });

  test('fetches nothing that is missing [SEC-4]', async () => {
    const tree = git('rev-parse', 'HEAD^{tree}');
    rmSync(join(project, '.git', 'objects', tree.slice(0, 2), tree.slice(2)));
    const settings = {
      'core.repositoryFormatVersion': '1',
      'extensions.partialClone': 'origin',
      'remote.origin.promisor': 'true',
      'remote.origin.url': `ext::${join(project, 'evil.sh')}`,
      'protocol.ext.allow': 'always',
    };
    for (const [name, value] of Object.entries(settings)) git('config', name, value);
    rmSync(marker, { force: true });
    expect(() => git('ls-tree', 'HEAD')).toThrow();
    expect(existsSync(marker)).toBe(true);
    rmSync(marker);
    expect(await provenanceOf()).toMatchObject({ hash: sha256('echo one\n'), state: 'unknown' });
    expect(existsSync(marker)).toBe(false);
  });
});
