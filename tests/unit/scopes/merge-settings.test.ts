import { describe, expect, test } from '@jest/globals';
import { scopes, type ConfigFamily, type Scope } from '../../../middleware/kernel/config-source.ts';
import type { SettingsLayer } from '../../../middleware/platform/config/scopes/apply-policy.ts';
import {
  mergeSettings,
  type MergedSettings,
} from '../../../middleware/platform/config/scopes/merge-settings.ts';

function layer(
  scope: Scope,
  settings: Readonly<Record<string, unknown>>,
  family: ConfigFamily = 'claude',
): SettingsLayer {
  return { source: { scope, family, file: `/${scope}/${family}`, baseDir: `/${scope}` }, settings };
}

function merge(...layers: readonly SettingsLayer[]): MergedSettings {
  return mergeSettings(layers, { HOST_NAME: 'host.example', EMPTY: '' });
}

function rulesOf(settings: MergedSettings): readonly string[] {
  return settings.rules.map(({ behavior, text, source }) => `${source.scope} ${behavior} ${text}`);
}

describe('precedence', () => {
  for (const [index, winner] of scopes.entries()) {
    const setters = scopes.slice(index);
    test(`of ${setters.join(', ')} the value of ${winner} counts, as in Claude Code 2.1.329 [CFG-1]`, () => {
      const { env, model } = merge(
        ...setters.map((scope) => layer(scope, { model: `model-${scope}`, env: { WHO: scope } })),
      );
      expect([model?.value, env.get('WHO')?.value]).toEqual([`model-${winner}`, winner]);
      expect(model?.overridden.map(({ value }) => value)).toEqual(
        setters.slice(1).map((scope) => `model-${scope}`),
      );
    });
  }

  test('each variable of env is decided by itself, as in Claude Code 2.1.329 [CFG-1]', () => {
    const { env } = merge(
      layer('enterprise', { env: { ONE: 'enterprise' } }),
      layer('cli', { env: { ONE: 'cli', TWO: 'cli' } }),
      layer('local', { env: { ONE: 'local', TWO: 'local', THREE: 'local' } }),
      layer('project', { env: { THREE: 'project', FOUR: 'project' } }),
      layer('user', { env: { FOUR: 'user', FIVE: 'user' } }),
    );
    expect(Object.fromEntries([...env].map(([name, { value }]) => [name, value]))).toEqual({
      ONE: 'enterprise',
      TWO: 'cli',
      THREE: 'local',
      FOUR: 'project',
      FIVE: 'user',
    });
  });

  test('objects are merged key by key, lists add up once each, and a value of another kind does not count [CFG-1]', () => {
    const { entries } = merge(
      layer('local', { sandbox: { enabled: true, hosts: ['a', 'b'] }, 'odd name': 1, deep: { x: 1 } }),
      layer('project', { sandbox: { enabled: false, hosts: ['b', 'c'], mode: 'soft' }, deep: 'flat' }),
      layer('user', { sandbox: { hosts: 'd' } }),
    );
    const view = [...entries.values()].map((entry) =>
      entry.kind === 'list'
        ? [entry.key, entry.items.map(({ value, source }) => `${String(value)} of ${source.scope}`)]
        : [entry.key, entry.value, entry.overridden.map(({ value }) => value)],
    );
    expect(view).toEqual([
      ['sandbox.enabled', true, [false]],
      ['sandbox.hosts', ['a of local', 'b of local', 'c of project']],
      ['sandbox.mode', 'soft', []],
      ['["odd name"]', 1, []],
      ['deep.x', 1, []],
    ]);
  });

  test('a name that means something to JavaScript is a name like others', () => {
    const settings = JSON.parse('{"__proto__":{"model":"x"},"env":{"__proto__":"y"}}') as Record<
      string,
      unknown
    >;
    const { entries, env, model } = merge(layer('project', settings));
    expect([...entries.keys()]).toEqual(['__proto__.model']);
    expect([...env.keys()]).toEqual(['__proto__']);
    expect(model).toBeUndefined();
  });
});

describe('variables in values', () => {
  const written = { model: '${HOST_NAME}-${NOT_SET:-x}', env: { URL: 'http://${HOST_NAME}/${NOT_SET}' } };

  test('those of our files and of .codex files are replaced; what is written stays known [CFG-1]', () => {
    for (const family of ['codexplus', 'codex'] as const) {
      const { model, env } = merge(layer('user', written, family));
      expect(model).toMatchObject({ value: 'host.example-x', written: written.model });
      expect(env.get('URL')?.value).toBe('http://host.example/${NOT_SET}');
    }
  });

  test('those of .claude files stay as they are written, as in Claude Code 2.1.329 [CFG-1]', () => {
    const { model, env } = merge(layer('user', written));
    expect([model?.value, env.get('URL')?.value]).toEqual([written.model, written.env.URL]);
  });

  test('rules and lists are replaced too, hooks never: what runs them replaces [CFG-1]', () => {
    const { rules, additionalDirectories, hooks } = merge(
      layer(
        'user',
        {
          permissions: { deny: ['Read(/${HOST_NAME}/**)'], additionalDirectories: ['/${EMPTY}x'] },
          hooks: { Stop: [{ hooks: [{ type: 'command', command: 'echo ${HOST_NAME}' }] }] },
        },
        'codexplus',
      ),
    );
    expect(rules[0]).toMatchObject({ text: 'Read(/host.example/**)', written: 'Read(/${HOST_NAME}/**)' });
    expect(additionalDirectories[0]?.value).toBe('/x');
    expect(JSON.stringify(hooks[0]?.value)).toContain('${HOST_NAME}');
  });
});

describe('rules and hooks', () => {
  test('the rules of all files are joined, each with its file, as in Claude Code 2.1.329 [CFG-1]', () => {
    expect(
      rulesOf(
        merge(
          layer('enterprise', { permissions: { allow: ['Bash(one *)'] } }),
          layer('local', { permissions: { allow: ['Bash(local *)'] } }),
          layer('project', { permissions: { deny: ['Bash(one *)'], ask: ['Bash(two *)'], allow: ['Edit'] } }),
          layer('user', { permissions: { allow: ['Bash(two *)'] } }),
        ),
      ),
    ).toEqual([
      'enterprise allow Bash(one *)',
      'local allow Bash(local *)',
      'project deny Bash(one *)',
      'project ask Bash(two *)',
      'project allow Edit',
      'user allow Bash(two *)',
    ]);
  });

  test('hooks of all files are kept as written, each with its file [CFG-1]', () => {
    const { hooks } = merge(
      layer('project', { hooks: { Stop: 'of any shape' } }),
      layer('user', { hooks: [] }),
    );
    expect(hooks.map(({ value, source }) => [source.scope, value])).toEqual([
      ['project', { Stop: 'of any shape' }],
      ['user', []],
    ]);
  });
});

describe('what an organisation says', () => {
  test('with allowManagedPermissionRulesOnly nobody else has rules, denies too, as in Claude Code 2.1.329 [CFG-1]', () => {
    const settings = merge(
      layer('enterprise', {
        allowManagedPermissionRulesOnly: true,
        permissions: { deny: ['Bash(rm *)'] },
      }),
      layer('cli', { permissions: { deny: ['Edit'] } }),
      layer('user', { permissions: { allow: ['Bash(rm *)'], defaultMode: 'plan' } }),
    );
    expect(rulesOf(settings)).toEqual(['enterprise deny Bash(rm *)']);
    expect(settings.defaultMode?.value).toBe('plan');
    expect(settings.ignored).toEqual([
      {
        key: 'permissions.deny',
        source: layer('cli', {}).source,
        reason: 'enterprise settings allow their own rules only',
      },
      {
        key: 'permissions.allow',
        source: layer('user', {}).source,
        reason: 'enterprise settings allow their own rules only',
      },
    ]);
  });

  test('of two of its files the stronger decides whether a lock is on [CFG-1]', () => {
    const { hooks } = merge(
      layer('enterprise', { allowManagedHooksOnly: false }, 'codexplus'),
      layer('enterprise', { allowManagedHooksOnly: true }),
      layer('user', { hooks: {} }),
    );
    expect(hooks).toHaveLength(1);
  });

  test('with allowManagedHooksOnly nobody else has hooks, as in Claude Code 2.1.329 [CFG-1]', () => {
    const { hooks } = merge(
      layer('enterprise', { allowManagedHooksOnly: true, hooks: { Stop: [] } }),
      layer('project', { hooks: { Stop: [] } }),
      layer('user', { hooks: { Stop: [] } }),
    );
    expect(hooks.map(({ source }) => source.scope)).toEqual(['enterprise']);
  });

  test('these locks are nothing but words in any other file [CFG-1]', () => {
    const locks = {
      allowManagedHooksOnly: true,
      allowManagedPermissionRulesOnly: true,
      allowManagedMcpServersOnly: true,
    };
    const settings = merge(
      layer('project', { ...locks }),
      layer('user', { hooks: {}, permissions: { deny: ['Edit'] } }),
    );
    expect([settings.hooks.length, rulesOf(settings)]).toEqual([1, ['user deny Edit']]);
    expect(settings.ignored.map(({ key }) => key)).toEqual(Object.keys(locks));
    expect([...settings.entries.keys()]).toEqual([]);
  });

  test('its list of what may be used is not added to, not even when it is empty [CFG-1]', () => {
    const settings = merge(
      layer('enterprise', { allowedMcpServers: [], availableModels: ['a'] }),
      layer('user', { allowedMcpServers: [{ serverName: 'mine' }], availableModels: ['b'] }),
    );
    expect(settings.allowedMcpServers).toEqual([]);
    expect(settings.entries.get('availableModels')).toMatchObject({ items: [{ value: 'a' }] });
    expect(merge(layer('user', {})).allowedMcpServers).toBeUndefined();
  });

  test('its list of what is denied is added to by everybody [CFG-1]', () => {
    const { deniedMcpServers } = merge(
      layer('enterprise', { deniedMcpServers: [{ serverName: 'a' }] }),
      layer('project', { deniedMcpServers: [{ serverName: 'b' }] }),
    );
    expect(deniedMcpServers.map(({ value }) => value)).toEqual([{ serverName: 'a' }, { serverName: 'b' }]);
  });
});

describe('bypassPermissions', () => {
  const bypass = { permissions: { defaultMode: 'bypassPermissions' } };

  for (const scope of ['project', 'local'] as const) {
    test(`a ${scope} file cannot set it, as in Claude Code 2.1.329; another file's mode counts [SEC-1]`, () => {
      const { defaultMode, ignored } = merge(
        layer(scope, bypass),
        layer('user', { permissions: { defaultMode: 'plan' } }),
      );
      expect(defaultMode?.value).toBe('plan');
      expect(ignored.map(({ key }) => key)).toEqual(['permissions.defaultMode']);
    });
  }

  test('the user can set it, unless any file forbids it [SEC-1]', () => {
    expect(merge(layer('user', bypass)).defaultMode?.value).toBe('bypassPermissions');
    const forbidden = merge(
      layer('cli', bypass),
      layer('user', { permissions: { disableBypassPermissionsMode: 'disable' } }),
    );
    expect([forbidden.defaultMode, forbidden.disableBypassPermissionsMode]).toEqual([undefined, true]);
  });
});

describe('a file of the project', () => {
  test.each(['plan', 'dontAsk'])('does not take back the mode %s of its user [SEC-4] [CFG-1]', (mode) => {
    for (const other of ['default', 'acceptEdits', 'plan', 'dontAsk']) {
      const { defaultMode } = merge(
        layer('local', { permissions: { defaultMode: other } }),
        layer('project', { permissions: { defaultMode: other } }),
        layer('user', { permissions: { defaultMode: mode } }),
      );
      expect(defaultMode?.value).toBe(mode);
    }
  });

  test('sets the mode where its user has set no strict one [CFG-1]', () => {
    const { defaultMode, ignored } = merge(
      layer('project', { permissions: { defaultMode: 'plan' } }),
      layer('user', { permissions: { defaultMode: 'acceptEdits' } }),
    );
    expect([defaultMode?.value, ignored]).toEqual(['plan', []]);
  });

  test('adds nothing to the lists of what its user allows [SEC-4] [CFG-1]', () => {
    const { entries, ignored } = merge(
      layer('project', { allowedHttpHookUrls: ['*'], httpHookAllowedEnvVars: ['KEY'] }),
      layer('user', { allowedHttpHookUrls: [] }),
    );
    expect(entries.get('allowedHttpHookUrls')).toMatchObject({ items: [] });
    expect(entries.get('httpHookAllowedEnvVars')).toMatchObject({ items: [{ value: 'KEY' }] });
    expect(ignored.map(({ key }) => key)).toEqual(['allowedHttpHookUrls']);
  });
});
