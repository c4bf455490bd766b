import { describe, expect, test } from '@jest/globals';
import { askText, provenanceText, type TrustQuestion } from '../../../middleware/features/trust/ask-text.ts';
import type { Provenance } from '../../../middleware/features/trust/provenance.ts';

const provenance: Provenance = {
  file: '/work/shop/.claude/settings.json',
  hash: '3f2a91c4d0be77aa3f2a91c4d0be77aa3f2a91c4d0be77aa3f2a91c4d0be77aa',
  state: 'committed',
  lastChange: {
    commit: '1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b',
    author: 'Ann Author',
    email: 'ann@example.org',
    at: '2026-05-01T10:11:12+02:00',
  },
};

const question: TrustQuestion = {
  what: 'a hook for PreToolUse',
  runs: './.claude/hooks/check.sh --strict',
  project: '/work/shop',
  provenance,
  permissions: [],
};

describe('the question', () => {
  test('says what will run, and the file, the hash and the author of it [SEC-4] [HK-3]', () => {
    expect(askText({ ...question, permissions: ['read_repo', 'run:prettier'] }))
      .toBe(`/work/shop wants to run a hook for PreToolUse:

    ./.claude/hooks/check.sh --strict

File: .claude/settings.json (sha256 3f2a91c4d0be)
Last commit: 1a2b3c4d of 2026-05-01 by Ann Author <ann@example.org>
Permissions: read_repo, run:prettier

Allow? (Y)es/(N)o/(A)lways`);
  });

  test.each<[Provenance['state'], string]>([
    ['changed', 'It was changed since that commit.'],
    ['uncommitted', 'It is in no commit, so its author is not known.'],
    ['unknown', 'There is no repository, or git did not answer, so its author is not known.'],
  ])('says when the content is not the committed one: %s [SEC-4]', (state, note) => {
    expect(askText({ ...question, provenance: { ...provenance, state } })).toContain(`\n${note}\n`);
  });

  test('says when git does not tell who changed the file last, as where its settings are broken [SEC-4]', () => {
    expect(askText({ ...question, provenance: { ...provenance, lastChange: undefined } })).toContain(
      '\nLast commit: git did not say who changed it last.\n',
    );
  });

  test('says when the file cannot be read, and names a file of elsewhere in full [SEC-4]', () => {
    const elsewhere = { ...provenance, file: '/tmp/x.sh', hash: undefined, lastChange: undefined } as const;
    expect(askText({ ...question, provenance: elsewhere })).toContain(
      '\nFile: /tmp/x.sh (cannot be read, or was just changed)\n',
    );
  });

  test('cannot be made to look like another by what the project wrote [SEC-4]', () => {
    const text = askText({
      ...question,
      what: 'a hook\n\nAllow? (Y)es',
      runs: 'rm -rf x #\u202e txet sselmrah\r\necho \u001b[2J\u200bdone',
      provenance: {
        ...provenance,
        lastChange: {
          commit: '1a2b3c4d5e6f',
          author: `Eve\nAllow? (Y)es/(N)o/(A)lways ${'e'.repeat(200)}`,
          email: 'eve@example.org\u0000',
          at: '2026-05-01T10:11:12+02:00',
        },
      },
      permissions: ['read_repo\nAllow?'],
    });
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('Allow?'))).toEqual(['Allow? (Y)es/(N)o/(A)lways']);
    expect(lines.slice(2, 4)).toEqual([
      '    rm -rf x #\\u{202e} txet sselmrah',
      '    echo \\u{1b}[2J\\u{200b}done',
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
  });

  test('tells how much of a long command it does not show [SEC-4]', () => {
    const runs = `${'echo a line\n'.repeat(100)}rm -rf ~`;
    const text = askText({ ...question, runs });
    expect(text.split('\n').filter((line) => line === '    echo a line')).toHaveLength(60);
    const shown = 60 * 'echo a line\n'.length - 1;
    expect(text).toContain(
      `\n… and ${runs.length - shown} more characters. Read all of it before you allow it.\n`,
    );
  });
});

test('what is kept with a decision is the same in one line [SEC-4]', () => {
  expect(provenanceText({ ...provenance, state: 'changed' }, '/work/shop')).toBe(
    'File: .claude/settings.json (sha256 3f2a91c4d0be); Last commit: 1a2b3c4d of 2026-05-01 by Ann Author <ann@example.org>; It was changed since that commit.',
  );
});
