import { describe, expect, test } from '@jest/globals';
import type { Tool } from '@modelcontextprotocol/client';
import { safeItems, safeTools } from '../../../middleware/features/mcp/definitions/safe-definition.ts';

const tool = (parts: Partial<Tool> = {}): Tool => ({ name: 'a', inputSchema: { type: 'object' }, ...parts });
const hidden = 'Adds.\u001b[2K\u202E\u{E0041}\u{E0042}';

describe('what a server says of its tools', () => {
  test('has nothing in it that is not seen, and is cut where Claude Code cuts it [MCP-2]', () => {
    const inputSchema = {
      type: 'object' as const,
      properties: { 'x\u0007': { description: hidden, enum: ['👩‍💻', 'b\u{E0041}'] } },
    };
    const [made] = safeTools([tool({ description: hidden, title: 'y'.repeat(3_000), inputSchema })]);
    expect(made?.description).toBe('Adds.\\u{1b}[2K\\u{202e}\\u{e0041}\\u{e0042}');
    expect(made?.title).toHaveLength(2_048);
    expect(made?.inputSchema.properties).toEqual({
      'x\uFFFD': { description: made?.description, enum: ['👩‍💻', 'b\uFFFD'] },
    });
  });

  test('is left as it is where it is plain text [MCP-2]', () => {
    const plain = tool({
      description: 'Adds\n\ttwo: a, b.'.replace('\t', ''),
      inputSchema: {
        type: 'object',
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $defs: { n: { pattern: '^\\d+$' } },
      },
      annotations: { readOnlyHint: true },
      _meta: { a: [1, null] },
    });
    expect(safeTools([plain])).toEqual([plain]);
  });

  test('is left out where it can be no tool, and so is what is more than anybody can use [MCP-2]', () => {
    let deep: object = {};
    for (let at = 0; at < 20_000; at += 1) deep = { properties: deep };
    const bad = [
      tool({ name: 'a\u001b' }),
      tool({ name: 'n'.repeat(129) }),
      tool({
        inputSchema: { type: 'object', properties: deep as NonNullable<Tool['inputSchema']['properties']> },
      }),
      tool({ inputSchema: { type: 'object', $comment: 'x'.repeat(65_536) } }),
    ];
    expect(safeTools([...bad, tool()])).toEqual([tool()]);
    expect(safeTools(Array.from({ length: 2_000 }, (_, at) => tool({ name: `t${at}` })))).toHaveLength(1_000);
    const large = { type: 'object' as const, properties: { x: { pattern: 'p'.repeat(60_000) } } };
    const many = Array.from({ length: 200 }, (_, at) => tool({ name: `t${at}`, inputSchema: large }));
    expect(JSON.stringify(safeTools(many)).length).toBeLessThan(4.2 * 1024 * 1024);
  });

  test('is that of the first of two with one name [MCP-2] [SEC-1]', () => {
    const first = tool({ description: 'A' });
    expect(safeTools([first, tool({ name: 'b' }), tool({ description: 'B' })])).toEqual([
      first,
      tool({ name: 'b' }),
    ]);
    // One that is left out takes no name.
    expect(safeTools([tool({ description: 'x', _meta: { long: 'y'.repeat(70_000) } }), first])).toEqual([
      first,
    ]);
  });

  test('is as safe of all else, whose names and addresses stay as they are [MCP-2]', () => {
    const prompt = { name: 'p\u200B', description: hidden, arguments: [{ name: 'x', description: hidden }] };
    const description = 'Adds.\\u{1b}[2K\\u{202e}\\u{e0041}\\u{e0042}';
    expect(safeItems([prompt])).toEqual([
      { name: 'p\u200B', description, arguments: [{ name: 'x', description }] },
    ]);
  });
});
