import { describe, expect, test } from '@jest/globals';
import { parseTOML, getStaticTOMLValue } from 'toml-eslint-parser';
import { editCodexConfig } from '../../../middleware/cli/install/codex-config.ts';
import { takeOutOfCodex } from '../../../middleware/cli/install/take-out-of-codex.ts';
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
    const rest = takeOutOfCodex(changed, segments, 'config.toml');
    expect(rest).not.toMatch(/codex-plus|codexplus/);
    const after = valueOf(rest);
    expect(after['hooks']).toEqual(valueOf(own)['hooks']);
    expect(after['model_providers']).toEqual(valueOf(own)['model_providers']);
    expect(after['model_provider']).toBe('other');
  });

  test("a model that was chosen in Codex since stays, and the user's former one does not come back beside it [CFG-4]", () => {
    const { text, segments } = editCodexConfig(own, options);
    const chosen = text.replace('model = "gpt-5"\n', 'model = "gpt-high"\nmodel_reasoning_effort = "high"\n');
    const rest = takeOutOfCodex(chosen, segments, 'config.toml');
    expect(valueOf(rest)).toEqual({
      ...valueOf(own),
      model: 'gpt-high',
      model_reasoning_effort: 'high',
    });
    expect(rest).not.toMatch(/codex-?plus/);
    expect(valueOf(editCodexConfig(rest, { ...options, model: undefined }).text)['model']).toBe('gpt-high');
  });

  test('a provider that the user went back to stays [CFG-4]', () => {
    const { text, segments } = editCodexConfig(own, options);
    const changed = text.replace('model_provider = "codex-plus"', 'model_provider = "third"');
    expect(valueOf(takeOutOfCodex(changed, segments, 'config.toml'))).toEqual({
      ...valueOf(own),
      model_provider: 'third',
    });
  });

  test('what Codex wrote into our tables goes with them, and into none of the user’s [CFG-4]', () => {
    const { text, segments } = editCodexConfig(own, options);
    const more = `${text}enabled = false\n`;
    expect(valueOf(takeOutOfCodex(more, segments, 'config.toml'))).toEqual(valueOf(own));
  });

  test('a handler of the user’s in our group keeps the group [CFG-4]', () => {
    const { text, segments } = editCodexConfig('', options);
    const [first = '', rest = ''] = text.split('timeout = 60\n');
    const theirs = '[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = "mine"\n';
    const changed = `${first}timeout = 60\n${theirs}${rest}`;
    expect(valueOf(takeOutOfCodex(changed, segments, 'config.toml'))['hooks']).toEqual({
      PreToolUse: [{ hooks: [{ type: 'command', command: 'mine' }] }],
    });
  });

  test('a broken file is told by the line of the fault, also after ours were put in [CFG-4]', () => {
    const { text, segments } = editCodexConfig(own, options);
    for (const fault of ['b = = 2', 'b = "open', 'b =', 'b', 'model = "twice"\nmodel = "twice"', 'c = [1,']) {
      const broken = `${'# \n'.repeat(40)}${fault}\n${text}`;
      const line = fault.startsWith('model') ? 42 : 41;
      const told = new RegExp(`config\\.toml, line ${line}: is not TOML`);
      if (fault !== 'c = [1,') expect(() => takeOutOfCodex(broken, segments, 'config.toml')).toThrow(told);
      else expect(() => takeOutOfCodex(broken, segments, 'config.toml')).toThrow('is not TOML');
    }
  });

  test('what cannot be added to is told as that, with its line, and an entry under our name as the user’s [CFG-4]', () => {
    expect(() => editCodexConfig('a = 1\nhooks = { Stop = [] }\n', options)).toThrow(
      'config.toml, line 2: Codex-Plus cannot add to hooks, which is written as one value',
    );
    expect(() => editCodexConfig('[model_providers."codex-plus"]\nname = "x"\n', options)).toThrow(
      'config.toml, line 1: there is a model_providers.codex-plus of your own',
    );
  });
});
