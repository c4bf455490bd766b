import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { editCodexConfig } from '../../../middleware/cli/install/codex-config.ts';
import { takeOutOfCodex } from '../../../middleware/cli/install/take-out-of-codex.ts';
import { holds } from '../../support/fuzz.ts';

const file = '/home/me/.codex/config.toml';

const options = {
  ...{ url: 'http://127.0.0.1:3000', withLogin: false, keyVariable: undefined, file },
  hookStates: [
    { key: `${file}:pre_tool_use:0:0`, hash: 'sha256:1' },
    { key: `${file}:post_tool_use:0:0`, hash: 'sha256:2' },
  ],
};

/** What people have at the top of the file. */
const topLevel = [
  'model = "theirs" # the good one',
  '"model" = \'quoted\'',
  'model_provider = "other"',
  'approval_policy = "never"',
  'notify = [\n  "a", # why\n  "b",\n]',
  'shell_environment_policy = { inherit = "all", set = { A = "1" } }',
  'features.web_search = true',
  '"odd key" = """\n# codex-plus is not meant here\n[no.table]\n"""',
  'since = 2026-11-28T10:00:00Z',
  '# a comment',
  '',
] as const;

const tables = [
  '[tui]\ntheme = "dark"\nnotifications = true',
  '[model_providers.other]\nname = "other"\nbase_url = "http://elsewhere/v1"',
  '[model_providers]\nthird = { name = "third" }',
  '[mcp_servers.docs]\nurl = "http://docs/mcp"\n  [mcp_servers.docs.tools.search]\n  approval_mode = "approve"',
  '[[hooks.PreToolUse]]\nmatcher = "Bash"\n[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = "guard"',
  '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "stop"',
  '[hooks.state."/elsewhere/config.toml:stop:0:0"]\ntrusted_hash = "sha256:9"',
  '[projects."/home/me/a b"]\ntrust_level = "trusted"',
  '# between\n[profiles."x.y"]\neffort = "high"',
] as const;

/** What happens to the file between `init` and `uninstall`; `adds` must be said afterwards. */
interface Edit {
  readonly change: (text: string) => string;
  readonly adds: Readonly<Record<string, unknown>>;
}

const atEnd =
  (lines: string) =>
  (text: string): string =>
    `${text.endsWith('\n') ? text : `${text}\n`}${lines}`;

const edits: readonly Edit[] = [
  {
    change: (text) => text.replace(/^model = .*$/m, 'model = "chosen"\nmodel_reasoning_effort = "high"'),
    adds: {},
  },
  { change: (text) => text.replace(/^model_provider = .*$/m, 'model_provider = "third"'), adds: {} },
  { change: (text) => text.replace(/^model_provider = [^\n]*\n/m, '$&added = 1\n'), adds: { added: 1 } },
  { change: (text) => text.replace(/^model = [^\n]*\n/m, ''), adds: {} },
  { change: atEnd('\n[added_table]\n"k y" = 1\n'), adds: { added_table: { 'k y': 1 } } },
  {
    change: atEnd('[[hooks.SessionStart]]\n[[hooks.SessionStart.hooks]]\ncommand = "late"\n'),
    adds: { hooks: { SessionStart: [{ hooks: [{ command: 'late' }] }] } },
  },
  { change: atEnd('# the end'), adds: {} },
  {
    change: (text) => text.replace('base_url = "http://127.0.0.1:3000/v1"', 'base_url = "http://x/v1"'),
    adds: {},
  },
  { change: (text) => text.replaceAll(/^timeout = 60\r?$/gm, 'timeout = 90 # more'), adds: {} },
  {
    change: (text) => text.replaceAll(/^trusted_hash = "sha256:1"/gm, 'trusted_hash = "sha256:8"'),
    adds: {},
  },
  {
    change: (text) => text.replace(/^\[mcp_servers\.codexplus\]/m, '[ mcp_servers . "codexplus" ]'),
    adds: {},
  },
  { change: (text) => text.replaceAll('\r\n', '\n'), adds: {} },
  { change: (text) => text.replaceAll(/\r?\n(?=\r?\n)/g, ''), adds: {} },
  { change: (text) => text.replace(/\s+$/, ''), adds: {} },
  { change: (text) => text.replaceAll(/^# codex-plus; [^\n]*\n/gm, ''), adds: {} },
  // A table of ours taken out by hand, and one of anybody's moved to the end.
  { change: (text) => text.replace(/^\[mcp_servers\.codexplus\]\r?\nurl = [^\n]*\n/m, ''), adds: {} },
  {
    change: (text) =>
      text.replace(/^(\[tui\]\r?\n(?:\w[^\n]*\n)*)([^]*)$/m, (_, tui: string, rest: string) =>
        atEnd(tui)(rest),
      ),
    adds: {},
  },
];

const configText = fc
  .record({
    top: fc.uniqueArray(fc.constantFrom(...topLevel), {
      selector: (line) => line.replaceAll(/"|[^\w"].*/gs, ''),
    }),
    below: fc.uniqueArray(fc.constantFrom(...tables)),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    last: fc.constantFrom('', '\n', '\n\n'),
    mark: fc.constantFrom('', '\ufeff'),
  })
  .map(({ top, below, lineEnd, last, mark }) =>
    `${mark}${[...top, ...below].join('\n')}${last}`.replaceAll('\n', lineEnd),
  )
  .filter((text) => valueOf(text) !== undefined);

const model = fc.constantFrom(undefined, 'gpt-5');

describe("Codex's configuration, random files and edits", () => {
  test('is byte for byte as before when nothing was changed between init and uninstall [CFG-4] [OPS-4]', async () => {
    await holds([configText, model], (before, chosen) => {
      const { text, segments } = editCodexConfig(before, { ...options, model: chosen });
      expect(valueOf(text)).toMatchObject({ model_provider: 'codex-plus' });
      expect(takeOutOfCodex(text, segments, file)).toBe(before);
    });
  });

  test('says after uninstall what it said before, with what the user changed since and nothing of ours [CFG-4]', async () => {
    const someEdits = fc.uniqueArray(fc.constantFrom(...edits), { maxLength: 5 });
    await holds(
      [configText, model, someEdits],
      (before, chosen, changes) => {
        const { text, segments } = editCodexConfig(before, { ...options, model: chosen });
        const applied = changes.filter(({ change }, i) => {
          const so = changes.slice(0, i).reduce((now, edit) => edit.change(now), text);
          return change(so) !== so;
        });
        const edited = changes.reduce((now, { change }) => change(now), text);
        const now = valueOf(edited);
        // An edit may break the file, or say a key twice: that is told, and nothing is written.
        if (now === undefined) {
          expect(() => takeOutOfCodex(edited, segments, file)).toThrow(/line \d+: is not TOML/);
          return;
        }
        const rest = takeOutOfCodex(edited, segments, file);
        const after = valueOf(rest) ?? {};
        const own = valueOf(before) ?? {};
        for (const { adds } of applied) expect(after).toMatchObject(adds);
        const { model: modelNow, model_provider: providerNow, ...others } = own;
        expect(after).toMatchObject(others);
        expect(after['model_provider']).toBe(
          now['model_provider'] === 'codex-plus' || now['model_provider'] === undefined
            ? providerNow
            : now['model_provider'],
        );
        const isChosen = now['model'] !== undefined && now['model'] !== chosen;
        if (isChosen) expect(after['model']).toBe(now['model']);
        else if (chosen !== undefined) expect(after['model']).toBe(modelNow);
        expect(JSON.stringify({ ...after, 'odd key': '' })).not.toMatch(/codex-?plus/);
        expect(rest).not.toContain('# codex-plus;');
        expect(rest).not.toContain('# codex-plus keeps');
      },
      300,
    );
  });
});

function valueOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return getStaticTOMLValue(parseTOML(text.replace(/^\ufeff/, '')));
  } catch {
    return undefined;
  }
}
