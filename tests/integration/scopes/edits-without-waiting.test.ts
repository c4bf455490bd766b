import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { agedAccess, known } from './aged-access.ts';
import { createProjectFolders, denied, deny, type ProjectFolders } from './project-folders.ts';

let folders: ProjectFolders;

beforeEach(() => {
  folders = createProjectFolders();
});

afterEach(() => {
  folders.remove();
});

interface Edit {
  readonly name: string;
  readonly before?: () => void;
  readonly edit: () => void;
  readonly rules: readonly string[];
}

const edits: readonly Edit[] = [
  {
    name: 'a file that is written in place',
    before: () => {
      folders.write({ 'project/.claude/settings.json': deny('Edit') });
    },
    edit: () => {
      folders.write({ 'project/.claude/settings.json': deny('Read') });
    },
    rules: ['Read'],
  },
  {
    name: 'a file that an editor puts in the place of the old one',
    before: () => {
      folders.write({ 'project/.claude/settings.json': deny('Edit') });
    },
    edit: () => {
      folders.write({ 'project/.claude/settings.json.tmp': deny('Read') });
      renameSync(
        folders.at('project/.claude/settings.json.tmp'),
        folders.at('project/.claude/settings.json'),
      );
    },
    rules: ['Read'],
  },
  {
    name: 'a file that is deleted',
    before: () => {
      folders.write({ 'home/.claude/settings.json': deny('Edit') });
    },
    edit: () => {
      unlinkSync(folders.at('home/.claude/settings.json'));
    },
    rules: [],
  },
  {
    name: 'a file in a folder that was there',
    before: () => {
      mkdirSync(folders.at('project/.codexplus'));
    },
    edit: () => {
      folders.write({ 'project/.codexplus/settings.local.json': deny('Read') });
    },
    rules: ['Read'],
  },
  {
    name: 'a file in a folder that was not there',
    edit: () => {
      folders.write({ 'home/.claude/settings.json': deny('Read') });
    },
    rules: ['Read'],
  },
  {
    name: 'a folder that is moved in with all that it has',
    before: () => {
      folders.write({ 'elsewhere/settings.json': deny('Read') });
    },
    edit: () => {
      renameSync(folders.at('elsewhere'), folders.at('project/.claude'));
    },
    rules: ['Read'],
  },
  {
    name: 'a `.claude` that makes its `.codex` beside it count no more',
    before: () => {
      folders.write({ 'project/.codex/settings.json': deny('Edit') });
    },
    edit: () => {
      folders.write({ 'project/.claude/settings.json': {} });
    },
    rules: [],
  },
  {
    name: 'a repository that is made above the project',
    before: () => {
      folders.write({ '.claude/settings.local.json': deny('Read') });
    },
    edit: () => {
      mkdirSync(folders.at('.git'));
    },
    rules: ['Read'],
  },
  {
    name: 'a further file of an organisation',
    before: () => {
      folders.write({ 'enterprise/managed-settings.d/1.json': deny('Edit') });
    },
    edit: () => {
      folders.write({ 'enterprise/managed-settings.d/2.json': deny('Read') });
    },
    rules: ['Read', 'Edit'],
  },
  {
    name: 'a folder that is a link and leads elsewhere now',
    before: () => {
      folders.write({ 'one/settings.json': deny('Edit'), 'two/settings.json': deny('Read') });
      symlinkSync(folders.at('one'), folders.at('project/.claude'));
    },
    edit: () => {
      symlinkSync(folders.at('two'), folders.at('project/new'));
      renameSync(folders.at('project/new'), folders.at('project/.claude'));
    },
    rules: ['Read'],
  },
  {
    name: 'a file elsewhere that a link leads to',
    before: () => {
      folders.write({ 'dotfiles/s.json': deny('Edit'), 'home/.claude/x': '' });
      symlinkSync(folders.at('dotfiles/s.json'), folders.at('home/.claude/settings.json'));
    },
    edit: () => {
      folders.write({ 'dotfiles/s.json': deny('Read') });
    },
    rules: ['Read'],
  },
  {
    name: 'a file elsewhere that a link led to before it was there',
    before: () => {
      folders.write({ 'home/.claude/x': '', 'dotfiles/x': '' });
      symlinkSync(folders.at('dotfiles/s.json'), folders.at('home/.claude/settings.json'));
    },
    edit: () => {
      folders.write({ 'dotfiles/s.json': deny('Read') });
    },
    rules: ['Read'],
  },
  {
    name: 'a project that is deleted and made again',
    before: () => {
      folders.write({ 'project/.claude/settings.json': deny('Edit') });
    },
    edit: () => {
      rmSync(folders.project, { recursive: true });
      folders.write({ 'project/.claude/settings.json': deny('Read') });
    },
    rules: ['Read'],
  },
  {
    name: 'another project that is moved into its place',
    before: () => {
      folders.write({ 'other/.claude/settings.json': deny('Read') });
    },
    edit: () => {
      renameSync(folders.project, folders.at('old'));
      renameSync(folders.at('other'), folders.project);
    },
    rules: ['Read'],
  },
];

describe('counts with the next request, also where nothing has to be waited for', () => {
  test.each(edits)('$name', async ({ before, edit, rules }) => {
    before?.();
    const { access } = agedAccess();
    const cache = folders.cache({ access, freshMs: 1_000_000, checkMs: 0, now: () => 0 });
    const first = await known(cache, folders.project);
    edit();
    expect(cache.now(folders.project)).toBeUndefined();
    const second = await cache.of(folders.project);
    expect(denied(second)).toEqual(rules);
    expect(second).not.toBe(first);
  });
});
