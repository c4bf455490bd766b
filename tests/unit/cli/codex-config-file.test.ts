import { describe, expect, test } from '@jest/globals';
import { memberAt, parseCodexConfig, textAt } from '../../../middleware/cli/codex/codex-config-file.ts';

const text = `# mine
model = "gpt-5"

[model_providers."my own"]
name = "x"
http_headers = { "x-a" = "1" }

[[hooks.Stop]]
[mcp_servers.a.env]
B = 'c'
`;

describe('the config.toml of Codex', () => {
  test('is a document with the line of each key and table [CFG-4]', () => {
    const config = parseCodexConfig(text, 'config.toml');
    expect(config.fault).toBeUndefined();
    expect(config.document).toEqual({
      model: 'gpt-5',
      model_providers: { 'my own': { name: 'x', http_headers: { 'x-a': '1' } } },
      hooks: { Stop: [{}] },
      mcp_servers: { a: { env: { B: 'c' } } },
    });
    expect(config.placeOf('model')).toBe('config.toml, line 2');
    expect(config.placeOf('model_providers', 'my own')).toBe('config.toml, line 4');
    expect(config.placeOf('model_providers', 'my own', 'name')).toBe('config.toml, line 5');
    expect(config.placeOf('mcp_servers', 'a', 'env', 'B')).toBe('config.toml, line 10');
  });

  test('places what stands inside an inline table at its line, and what is not there at the file [CFG-4]', () => {
    const { placeOf } = parseCodexConfig(text, 'config.toml');
    expect(placeOf('model_providers', 'my own', 'http_headers', 'x-a')).toBe('config.toml, line 6');
    expect(placeOf('model_provider')).toBe('config.toml');
  });

  test('may begin with a byte order mark [CFG-4]', () => {
    const { document, fault } = parseCodexConfig('\ufeffmodel = "a"\n', 'config.toml');
    expect([document, fault]).toEqual([{ model: 'a' }, undefined]);
  });

  for (const [broken, line] of [
    ['a = 1\nmodel =\nb = 1\n', 2],
    ['a = 1\nb = "\n', 2],
    ['a = 1\na = 2\n', 2],
  ] as const) {
    test(`${JSON.stringify(broken)} is broken in line ${line} [CFG-4]`, () => {
      const { document, fault } = parseCodexConfig(broken, 'config.toml');
      expect(document).toEqual({});
      expect(fault).toEqual({ line, message: expect.stringMatching(/./) });
    });
  }

  test('a path through what is no table leads nowhere [CFG-4]', () => {
    const document = { model_providers: 'x', model: 1 };
    expect(memberAt(document, 'model_providers', 'a', 'b')).toBeUndefined();
    expect(textAt(document, 'model')).toBeUndefined();
  });
});
