import { describe, expect, test } from '@jest/globals';
import { parseTOML, getStaticTOMLValue } from 'toml-eslint-parser';
import { editCodexConfig, removeOurTables } from '../../../middleware/cli/install/codex-config.ts';
import { undoSegments } from '../../../middleware/cli/install/text-segments.ts';

const options = {
  url: 'http://127.0.0.1:3000',
  withLogin: false,
  keyVariable: undefined,
  model: 'gpt-5',
  file: 'config.toml',
  hookStates: [{ key: '/home/me/.codex/config.toml:pre_tool_use:1:0', hash: 'sha256:1' }],
};

const own = `# my settings
model = "gpt-6.1-sol" # a comment
model_provider = "other"
notify = [
  "a",
]

[model_providers.other]
name = "other"

[[hooks.PreToolUse]]
matcher = "Bash"
[[hooks.PreToolUse.hooks]]
type = "command"
command = "true"
`;

function valueOf(text: string): Readonly<Record<string, unknown>> {
  return getStaticTOMLValue(parseTOML(text));
}

describe("Codex's configuration", () => {
  test('gets our provider, our tools and our hooks; the comments, the order and all else stay [CFG-4]', () => {
    const { text } = editCodexConfig(own, options);
    const before = valueOf(own) as Record<string, Record<string, object>>;
    const after = valueOf(text) as typeof before & { hooks: { PreToolUse: object[] } };
    expect(after).toMatchObject({
      model: 'gpt-5',
      model_provider: 'codex-plus',
      notify: ['a'],
      model_providers: {
        other: before['model_providers']?.['other'],
        'codex-plus': { base_url: 'http://127.0.0.1:3000/v1', name: 'codex-plus' },
      },
      mcp_servers: { codexplus: { url: 'http://127.0.0.1:3000/mcp' } },
    });
    expect(after.hooks.PreToolUse).toHaveLength(2);
    expect(text).toContain('# codex-plus keeps: model = "gpt-6.1-sol" # a comment\n');
    expect(text).toContain('notify = [\n  "a",\n]\n');
  });

  test('is the same again when our segments are taken out [CFG-4] [OPS-4]', () => {
    for (const before of [own, '', own.trimEnd(), own.replaceAll('\n', '\r\n')]) {
      const { text, segments } = editCodexConfig(before, options);
      expect(undoSegments(text, segments)).toEqual({ text: before, missing: [] });
    }
  });

  test('with a ChatGPT login Codex sends that, and no catalogue of ours takes the place of its own [CFG-4]', () => {
    const { text } = editCodexConfig('', { ...options, withLogin: true, model: undefined });
    expect(valueOf(text)['model_providers']).toEqual({
      'codex-plus': { name: 'codex-plus', base_url: 'http://127.0.0.1:3000/v1', requires_openai_auth: true },
    });
  });

  test('a key of the middleware is named by its variable, never written down [CFG-4]', () => {
    const { text } = editCodexConfig('', { ...options, keyVariable: 'CODEX_PLUS_KEY' });
    const { model_providers: providers, mcp_servers: servers } = valueOf(text) as Record<
      string,
      Record<string, object>
    >;
    expect(providers?.['codex-plus']).toMatchObject({
      env_http_headers: { 'x-codex-plus-key': 'CODEX_PLUS_KEY' },
    });
    expect(servers?.['codexplus']).toMatchObject({
      env_http_headers: { 'x-codex-plus-key': 'CODEX_PLUS_KEY' },
    });
  });

  test('is left alone when it is broken, and the line is told [CFG-4]', () => {
    expect(() => editCodexConfig('a = 1\nb = = 2\n', options)).toThrow(/config\.toml, line 2: is not TOML/);
  });

  test('our tables go also when they were edited; nothing else does [CFG-4]', () => {
    const { text, segments } = editCodexConfig(own, options);
    const changed = text
      .replace('base_url = "http://127.0.0.1:3000/v1"', 'base_url = "http://elsewhere/v1"')
      .replaceAll('timeout = 60', 'timeout = 90');
    const rest = removeOurTables(undoSegments(changed, segments).text, 'config.toml');
    expect(rest).not.toMatch(/codex-plus|codexplus/);
    const after = valueOf(rest);
    expect(after['hooks']).toEqual(valueOf(own)['hooks']);
    expect(after['model_providers']).toEqual(valueOf(own)['model_providers']);
    expect(after['model_provider']).toBe('other');
  });
});
