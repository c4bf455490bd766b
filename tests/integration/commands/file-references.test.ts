import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileReferences } from '../../../middleware/features/commands/expand/file-references.ts';

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'references-')));
});

afterEach(() => rm(root, { recursive: true }));

const put = (name: string, content: string | Buffer) => writeFile(join(root, name), content);
const read = (text: string, mayRead: (path: string) => boolean = () => true) =>
  readFileReferences(text, { workspace: root, homeDir: root, mayRead });
const textOf = async (text: string) =>
  (await read(text)).map((part) => (part.kind === 'text' ? part.text : `[${part.mediaType}]`)).join('\n');

describe('readFileReferences', () => {
  test('a picture is attached as a picture [CMD-2]', async () => {
    const png = Buffer.from('89504e470d0a1a0a00000000', 'hex');
    await put('a.PNG', png);
    expect(await read('@a.PNG')).toEqual([
      {
        kind: 'text',
        text: `<system-reminder>\nCalled the Read tool with the following input: {"file_path":"${root}/a.PNG"}\n</system-reminder>`,
      },
      { kind: 'image', mediaType: 'image/png', base64: png.toString('base64') },
    ]);
  });

  test('a notebook is attached as its cells [CMD-2]', async () => {
    const cells = [
      { cell_type: 'markdown', id: 'intro', source: ['# Title\n', 'text'] },
      {
        cell_type: 'code',
        source: 'print(1)',
        outputs: [
          { output_type: 'stream', text: ['1\n'] },
          { output_type: 'display_data', data: { 'image/png': 'AAAA', 'text/plain': '<Figure>' } },
          { output_type: 'error', ename: 'ValueError', evalue: 'bad' },
        ],
      },
    ];
    await put('n.ipynb', JSON.stringify({ cells }));
    expect(await textOf('@n.ipynb')).toContain(
      'Result of calling the Read tool:\n' +
        '<cell id="intro"><cell_type>markdown</cell_type># Title\ntext</cell id="intro">\n' +
        '<cell id="cell-1">print(1)</cell id="cell-1">\n\n1\n\n\n<Figure>\n\nValueError: bad\n',
    );
  });

  test('a notebook that is none is shown as text [CMD-2]', async () => {
    await put('n.ipynb', 'not JSON');
    expect(await textOf('@n.ipynb')).toContain('1\tnot JSON');
  });

  test('a long file is cut to its first 2,000 lines, with a note [CMD-2]', async () => {
    await put('n.txt', '0123456789abcde\n'.repeat(12_800));
    const text = await textOf('@n.txt');
    expect(text).toContain('\n2000\t0123456789abcde\n</system-reminder>');
    expect(text).toContain(
      `<system-reminder>\nNote: The file ${root}/n.txt was too large and has been truncated to the first 2000 lines. No need to mention the truncation. Use Read to read more of the file if you need.\n</system-reminder>`,
    );
  });

  test('a file that just fits goes whole [CMD-2]', async () => {
    await put('n.txt', '0123456789abcde\n'.repeat(5_950));
    const text = await textOf('@n.txt');
    expect(text).toContain('\n5950\t0123456789abcde\n5951\t\n</system-reminder>');
    expect(text).not.toContain('truncated');
  });

  test('of a very large file only a note is attached, and lines where some are asked [CMD-2]', async () => {
    await put('n.txt', '0123456789abcdef\n'.repeat(30_000));
    expect(await textOf('@n.txt')).toMatch(
      /^<system-reminder>\nThe user @-mentioned .*\/n\.txt \(498KB\)\. Its contents were not attached because/,
    );
    expect(await textOf('@n.txt#L29999-30000')).toContain(
      'tool:\n29999\t0123456789abcdef\n30000\t0123456789abcdef\n</system-reminder>',
    );
  });

  test('a folder with very many names is cut [CMD-2]', async () => {
    await mkdir(join(root, 'd'));
    await Promise.all(Array.from({ length: 1_002 }, (_, index) => put(`d/${1_000 + index}`, '')));
    expect(await textOf('@d/')).toMatch(/\n1998\n1999\n… and 2 more\n<\/system-reminder>$/);
  });

  test('a socket or a device is not read [CMD-2]', async () => {
    const server = createServer().listen(join(root, 'socket'));
    await once(server, 'listening');
    try {
      expect(await read('@socket @/dev/zero')).toEqual([]);
    } finally {
      server.close();
    }
  });

  test('permission is asked for the path and for where its links lead [CMD-2] [SEC-1]', async () => {
    await mkdir(join(root, 'secrets'));
    await put('secrets/key', 'k');
    await symlink(join(root, 'secrets'), join(root, 'open'));
    const asked: string[] = [];
    const mayRead = (path: string) => asked.push(path) > 0 && !path.startsWith(join(root, 'secrets'));
    expect(await read('@open/key @open @secrets/key', mayRead)).toEqual([]);
    expect(asked).toEqual(
      ['open/key', 'secrets/key', 'open', 'secrets', 'secrets/key'].map((path) => join(root, path)),
    );
  });

  test('one file by two paths is attached once [CMD-2]', async () => {
    await put('a.txt', 'alpha');
    expect(await read(`@a.txt @./a.txt @${root}/a.txt @~/a.txt`)).toHaveLength(2);
  });

  test('pasted code costs a bounded number of looks at the disk [CMD-2]', async () => {
    await put('last', 'x');
    const decorators = Array.from({ length: 100 }, (_, index) => `@Decorator${index}()`).join('\n');
    expect(await read(`${decorators}\n@last`)).toEqual([]);
    expect(await read(`@last\n${decorators}`)).toHaveLength(2);
  });
});
