import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Tool } from '@modelcontextprotocol/client';
import { toldDefinition } from '../../../middleware/features/mcp/definitions/fingerprint.ts';
import { canonicalJson } from '../../../middleware/kernel/canonical-json.ts';

const tool = { name: 'a', description: 'Does a.', inputSchema: { type: 'object' as const } };

/** The tool, saying so of itself. */
const saying = (description: string): Tool => ({ ...tool, description });

/** Whether what is told in one folder is what was told in another. */
function isSame(before: readonly [Tool, string], now: readonly [Tool, string]): boolean {
  return toldDefinition(...now).differingFrom(toldDefinition(...before).fingerprint).length === 0;
}

describe('the fingerprint of a definition', () => {
  test('is that of what models and clients go by, in whatever order it is written [MCP-2]', () => {
    const { fingerprint } = toldDefinition(tool, '/w');
    const { name, description, inputSchema } = tool;
    expect(toldDefinition({ inputSchema, description, name }, '/w').fingerprint).toBe(fingerprint);
    const changed = [
      { ...tool, title: 'A' },
      { ...tool, description: 'Does b.' },
      { ...tool, inputSchema: { ...inputSchema, required: ['x'] } },
      { ...tool, outputSchema: inputSchema },
      { ...tool, annotations: { readOnlyHint: true } },
      // What no model is told goes to clients at our endpoint.
      { ...tool, _meta: { 'ui/resourceUri': 'ui://a' } },
      { ...tool, icons: [{ src: 'https://a.example/i.png' }] },
      { ...tool, execution: { taskSupport: 'required' as const } },
      { ...tool, extension: 1 },
    ];
    const all = [tool, ...changed].map((one) => toldDefinition(one, '/w').fingerprint);
    expect(new Set(all).size).toBe(10);
    for (const one of changed) expect(toldDefinition(one, '/w').differingFrom(fingerprint)).toHaveLength(1);
  });

  test('has what was changed told, with a bound [MCP-2]', () => {
    const { fingerprint } = toldDefinition(tool, '/w');
    const now = toldDefinition({ ...tool, title: 'A\u202e', _meta: { text: 'x'.repeat(10_000) } }, '/w');
    const parts = now.saying(now.differingFrom(fingerprint));
    expect(parts.map(({ part }) => part)).toEqual(['description', 'other members']);
    expect(parts[0]?.now).toBe('A\\u{202e}\nDoes a.');
    expect(parts[1]?.now).toMatch(/^\{"_meta":\{"text":"x+… and [0-9]+ more characters$/);
  });
});

describe('a definition that is told in several folders', () => {
  const folders = [
    '/home/me',
    '/home/me/shop',
    '/home/me/shop/app',
    '/srv/a "b"',
    '/tmp/(x)+[y]',
    '/home/me/büro',
  ];

  test.each<[string, (folder: string) => string]>([
    ['names none', () => 'Does a.'],
    ['names the one in use', (folder) => `Reads ${folder}.`],
    ['names it in a line of its own', (folder) => `Reads:\n${folder}\n"${folder}"`],
    ['names what is in it', (folder) => `Reads ${folder}/notes, ${folder}/.cache/x and file://${folder}.`],
    ['names one of all folders', () => 'Reads /home/me/notes and /home/me.'],
    ['names both', (folder) => `Reads /home/me/notes, writes ${folder} and ${folder}/.cache.`],
    ['names an address', () => 'See https://example.com/home/me/shop/docs, $HOME/home/me and ~/home/me.'],
    ['names longer ones', () => '/home/me/shop-old /home/me/shop.bak /home/me2 /home/me/shops'],
    ['names many', (folder) => [1, 2, 3, 4, 5, 6, 7, 8].map((at) => `${folder}/${at}`).join(' ')],
  ])('is the same in all of them where it %s [MCP-2]', (_, says) => {
    for (const before of folders)
      for (const now of folders)
        expect([before, now, isSame([saying(says(before)), before], [saying(says(now)), now])]).toEqual([
          ...[before, now, true],
        ]);
  });

  test('is the same with names of members that name the folder [MCP-2]', () => {
    const at = (folder: string): Tool => ({
      ...tool,
      _meta: { zz: 1, [folder]: [{ [`${folder}/x`]: folder }], '/m': 2, deep: { folder } },
    });
    for (const before of folders)
      for (const now of folders) expect(isSame([at(before), before], [at(now), now])).toBe(true);
  });

  test.each([
    ['Reads /home/me/shop.', '/home/me/shop', 'Reads /home/me/keys.', '/srv'],
    ['Reads /home/me/shop.', '/home/me/shop', 'Reads /home/me/shop.', '/srv'],
    ['Reads /home/me/shop.', '/home/me/shop', 'Read it all: /srv.', '/srv'],
    ['Reads /home/me/shop.', '/home/me/shop', 'Reads /srv-keys.', '/srv'],
    ['Reads /srv.', '/home/me/shop', 'Reads /home/me/shop.', '/home/me/shop'],
    ['Reads /.', '/', 'Reads /srv.', '/srv'],
    ['Reads .', '/', 'Reads /srv.', '/srv'],
  ])('is another one where "%s" of %s became "%s" of %s [MCP-2]', (first, before, second, now) => {
    const same = isSame([saying(first), before], [saying(second), now]);
    // What was told in the one folder may be told in the other as well.
    expect(same).toBe(first === second);
  });

  test('is the one that was remembered without the folder [MCP-2]', () => {
    const at = (folder: string): Tool => saying(`Reads ${folder}/notes and ${folder}s.`);
    const { title, description, inputSchema, outputSchema, annotations, ...others } = at('\0') as Tool & {
      readonly name: string;
    };
    const hashes = [[title, description], inputSchema, outputSchema, annotations, others].map((part) =>
      createHash('sha256')
        .update(canonicalJson(part ?? null).replaceAll('\\u0000', '\0'))
        .digest('base64url'),
    );
    const remembered = hashes.join('.');
    expect(toldDefinition(at('/srv'), '/srv').differingFrom(remembered)).toEqual([]);
    expect(toldDefinition(at('/srv'), '/home').differingFrom(remembered)).toEqual(['description']);
    expect(toldDefinition(saying('Reads.'), '/srv').differingFrom(remembered)).toEqual(['description']);
  });
});
