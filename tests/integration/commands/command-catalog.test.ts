import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CommandCatalog } from '../../../middleware/features/commands/find/command-catalog.ts';
import {
  discoverCommands,
  isUnchanged,
} from '../../../middleware/features/commands/find/discover-commands.ts';
import {
  commandFolders,
  type CommandFolder,
} from '../../../middleware/platform/config/scopes/folders/command-folders.ts';
import { familyFolders } from '../../../middleware/platform/config/scopes/folders/family-folders.ts';

let root: string;
let now: number;
let catalog: CommandCatalog;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'commands-'));
  now = 0;
  catalog = new CommandCatalog({ now: () => now });
});

afterEach(() => rm(root, { recursive: true }));

const put = async (path: string, text: string) => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
};
const folders = () => commandFolders(join(root, 'project'), familyFolders(join(root, 'home')), []);
const bodyOf = async (name: string) => {
  const found = await catalog.find(folders(), name);
  return found.kind === 'command' ? found.command.body : found.kind;
};
const listed = async () => (await catalog.list(folders())).map(({ name }) => name);

describe('CommandCatalog', () => {
  test('a command tells its scope, its file and what its front matter says [CMD-1]', async () => {
    await put('project/.claude/commands/frontend/component.md', '---\ndescription: Makes one\n---\nMake $0');
    expect(await catalog.find(folders(), 'component')).toMatchObject({
      kind: 'command',
      command: {
        name: 'frontend:component',
        namespace: 'frontend',
        bareName: 'component',
        kind: 'markdown',
        source: {
          scope: 'project',
          family: 'claude',
          file: join(root, 'project/.claude/commands/frontend/component.md'),
          baseDir: join(root, 'project'),
        },
        description: 'Makes one',
        body: 'Make $0',
      },
    });
  });

  test('an edited file is read anew at every call [CMD-1]', async () => {
    await put('project/.claude/commands/c.md', 'one');
    expect(await bodyOf('c')).toBe('one');
    await put('project/.claude/commands/c.md', 'two');
    expect(await bodyOf('c')).toBe('two');
    expect((await catalog.list(folders()))[0]?.description).toBe('two');
    await put('project/.claude/commands/c.md', 'six');
    expect((await catalog.list(folders()))[0]?.description).toBe('six');
  });

  test('folders are looked at once a second, and then new, renamed and removed files are seen [CMD-1]', async () => {
    expect(await listed()).toEqual([]);
    await put('home/.claude/commands/a.md', 'A');
    await put('project/.claude/skills/sk/SKILL.md', 'S');
    now = 999;
    expect(await listed()).toEqual([]);
    now = 1_000;
    expect(await listed()).toEqual(['a', 'sk']);
    await rename(join(root, 'home/.claude/commands/a.md'), join(root, 'home/.claude/commands/b.md'));
    await put('home/.claude/commands/ns/c.md', 'C');
    await rm(join(root, 'project/.claude/skills'), { recursive: true });
    now = 2_000;
    expect(await listed()).toEqual(['b', 'ns:c']);
  });

  test('a command that was removed since the last look is unknown [CMD-1]', async () => {
    await put('project/.claude/commands/c.md', 'one');
    expect(await bodyOf('c')).toBe('one');
    await rm(join(root, 'project/.claude/commands/c.md'));
    expect(await bodyOf('c')).toBe('unknown');
  });

  test('a description is the first line of the body where none is given [CMD-1]', async () => {
    await put('project/.claude/commands/a.md', '\n\n## A title \nmore');
    await put('project/.claude/commands/b.md', '');
    await put('project/.claude/commands/c.md', `START ${'0123456789 '.repeat(20)}`);
    await put('project/.claude/commands/d.md', '---\ndescription: |\n  one\n  two\n---\nBody');
    await put('project/.claude/commands/e.js', '// Makes it\nmodule.exports = () => 1;');
    await put(
      'project/.claude/commands/f.py',
      '"""\n---\ndescription: From front matter\nallowed-tools: Read\n---\n"""',
    );
    expect((await catalog.list(folders())).map(({ name, description }) => [name, description])).toEqual([
      ['a', 'A title'],
      ['b', 'Custom command'],
      ['c', `START ${'0123456789 '.repeat(20)}`.slice(0, 97) + '...'],
      ['d', 'one two'],
      ['e', 'Makes it'],
      ['f', 'From front matter'],
    ]);
  });

  test('a loop of links makes no second name of a command [CMD-1]', async () => {
    await put('project/.claude/commands/a/c.md', 'C');
    await symlink(join(root, 'project/.claude/commands'), join(root, 'project/.claude/commands/a/up'));
    expect(await listed()).toEqual(['a:c']);
  });

  test('three thousand commands are listed and found [CMD-1]', async () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `n${index % 30}/c${index}`);
    for (let index = 0; index < 30; index++) {
      await mkdir(join(root, `project/.claude/commands/n${index}`), { recursive: true });
    }
    await Promise.all(
      names.map((name) => writeFile(join(root, `project/.claude/commands/${name}.md`), name)),
    );
    expect(await listed()).toHaveLength(3_000);
    expect(await bodyOf('c2999')).toBe('n29/c2999');
  });

  test('scripts are commands, but not what they import [CMD-3]', async () => {
    for (const file of [
      'a.js',
      'b.cjs',
      'c.mjs',
      'd.py',
      '_e.js',
      '.f.js',
      '__init__.py',
      'node_modules/x/g.js',
      'h.ts',
    ]) {
      await put(`project/.codexplus/commands/${file}`, '');
    }
    expect((await catalog.list(folders())).map(({ name, kind }) => [name, kind])).toEqual([
      ['a', 'javascript'],
      ['b', 'javascript'],
      ['c', 'javascript'],
      ['d', 'python'],
    ]);
  });

  test('a file that is far too large for a prompt is told and not read [CMD-1]', async () => {
    await put('project/.claude/commands/c.md', 'x'.repeat(9 * 1024 * 1024));
    expect(await catalog.find(folders(), 'c')).toEqual({
      kind: 'unreadable',
      name: 'c',
      reason: 'is larger than 1024 KiB',
    });
  });
});

describe('bounds on the folders of a project', () => {
  const faults = async () =>
    (await catalog.faults(folders())).map(({ file, reason }) => `${file.slice(root.length + 1)} ${reason}`);
  const out = 'is a link that leads out of the project, and is not followed';

  test('a link that leads out of the project is no command, and is told [CMD-1] [SEC-4]', async () => {
    await put('secret', 'SECRET');
    await put('elsewhere/more.md', 'More');
    await put('elsewhere/SKILL.md', 'Skill');
    await put('project/docs/shared.md', 'Shared');
    await put('project/.claude/commands/own.md', 'Own');
    await mkdir(join(root, 'project/.claude/skills/sk'), { recursive: true });
    const link = (to: string, at: string) => symlink(join(root, to), join(root, 'project/.claude', at));
    await link('secret', 'commands/leak.md');
    await link('elsewhere', 'commands/all');
    await link('elsewhere', 'skills/whole');
    await link('elsewhere/SKILL.md', 'skills/sk/SKILL.md');
    await link('project/docs/shared.md', 'commands/shared.md');
    expect(await listed()).toEqual(['own', 'shared']);
    expect((await faults()).sort()).toEqual(
      ['commands/all', 'commands/leak.md', 'skills/sk/SKILL.md', 'skills/whole'].map(
        (path) => `project/.claude/${path} ${out}`,
      ),
    );
  });

  test('a whole folder that is such a link has none; links of the user lead where they like [CMD-1] [SEC-4]', async () => {
    await put('elsewhere/more.md', 'More');
    await mkdir(join(root, 'project/.claude'), { recursive: true });
    await mkdir(join(root, 'home/.codexplus'), { recursive: true });
    await symlink(join(root, 'elsewhere'), join(root, 'project/.claude/commands'));
    expect(await listed()).toEqual([]);
    expect(await faults()).toEqual([`project/.claude/commands ${out}`]);
    await symlink(join(root, 'elsewhere'), join(root, 'home/.codexplus/commands'));
    now = 2_000;
    expect(await listed()).toEqual(['more']);
  });

  test('a link that is put there after the look is not read either [SEC-4]', async () => {
    await put('secret', 'SECRET');
    await put('project/.claude/commands/c.md', 'Own');
    expect(await bodyOf('c')).toBe('Own');
    await rm(join(root, 'project/.claude/commands/c.md'));
    await symlink(join(root, 'secret'), join(root, 'project/.claude/commands/c.md'));
    expect(await bodyOf('c')).toBe('unreadable');
  });

  test('more files than anybody writes are left out, and told [CMD-1]', async () => {
    await mkdir(join(root, 'project/.claude/commands'), { recursive: true });
    for (let index = 0; index < 5_100; index += 300) {
      const names = Array.from({ length: 300 }, (_, more) => `c${index + more}.md`);
      await Promise.all(names.map((name) => writeFile(join(root, 'project/.claude/commands', name), 'x')));
    }
    expect(await listed()).toHaveLength(5_000);
    expect(await faults()).toEqual([
      'project/.claude/commands has more than a folder of commands may have (5000 commands, 2000 folders and links, 20000 entries): the rest is left out',
    ]);
  }, 60_000);

  test('a file with front matter beyond its bounds costs only itself, and is told [CMD-1]', async () => {
    await put('project/.claude/commands/good.md', 'Good');
    await put('project/.claude/commands/bad.md', `---\ndescription: ${'x'.repeat(70_000)}\n---\nBad`);
    expect(await listed()).toEqual(['good']);
    expect(await faults()).toEqual(['project/.claude/commands/bad.md has front matter of more than 64 KiB']);
  });
});

const userFolder = (): CommandFolder => {
  const folder = join(root, 'c');
  return {
    folder,
    kind: 'commands',
    source: { scope: 'user', family: 'claude', file: folder, baseDir: root },
  };
};

describe('isUnchanged', () => {
  const past = new Date('2020-01-01');

  test('a folder that nothing came to or went from is as it was, and is not walked again [CMD-1]', async () => {
    await put('c/a.md', 'A');
    await put('c/ns/b.md', 'B');
    for (const folder of ['c', 'c/ns']) await utimes(join(root, folder), past, past);
    const discovery = await discoverCommands(userFolder());
    expect(await isUnchanged(discovery)).toBe(true);
    await writeFile(join(root, 'c/a.md'), 'edited');
    expect(await isUnchanged(discovery)).toBe(true);
    await put('c/ns/new.md', 'N');
    expect(await isUnchanged(discovery)).toBe(false);
  });

  test('a folder that changed just now is looked at again, since its clock may not show the next change [CMD-1]', async () => {
    await put('c/a.md', 'A');
    expect(await isUnchanged(await discoverCommands(userFolder()))).toBe(false);
  });

  test('a link whose target appears is a change [CMD-1]', async () => {
    await mkdir(join(root, 'c'));
    await symlink(join(root, 'later.md'), join(root, 'c/a.md'));
    await utimes(join(root, 'c'), past, past);
    const discovery = await discoverCommands(userFolder());
    expect(await isUnchanged(discovery)).toBe(true);
    await put('later.md', 'A');
    expect(await isUnchanged(discovery)).toBe(false);
    expect((await discoverCommands(userFolder())).files).toHaveLength(1);
  });

  test('a folder that is not there is as it was until it appears [CMD-1]', async () => {
    const discovery = await discoverCommands(userFolder());
    expect(discovery.files).toEqual([]);
    expect(await isUnchanged(discovery)).toBe(true);
    await mkdir(join(root, 'c'));
    expect(await isUnchanged(discovery)).toBe(false);
  });
});
