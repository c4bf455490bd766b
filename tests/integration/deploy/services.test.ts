import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readApiService } from '../../../middleware/platform/config/api/api-service.ts';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import { composeServices } from '../../support/compose-file.ts';
import { rootDir } from '../../support/compose-middleware.ts';

const unitFile = (name: string): string => join(rootDir, 'deploy', 'systemd', `codex-plus-${name}.service`);

/** The settings of a unit; of those that stand there more than once, all. */
function settingsOf(name: string): Record<string, readonly string[]> {
  const lines = [...readFileSync(unitFile(name), 'utf8').matchAll(/^(\w+)=(.*)$/gm)];
  const settings: Record<string, string[]> = {};
  for (const [, key = '', value = ''] of lines) (settings[key] ??= []).push(value);
  return settings;
}

/** What a unit's program is given, with the folder that systemd puts in place of `%S`. */
function environmentOf(name: string): Record<string, string> {
  const pairs = (settingsOf(name)['Environment'] ?? []).flatMap((line) =>
    line.replaceAll('%S', '/var/lib').split(' '),
  );
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2) as [string, string]));
}

const configOf = (name: string) => loadConfig({ rootDir, env: environmentOf(name), isTerminal: false });

const units = ['litellm', 'middleware'] as const;
const allUnits = [...units, 'forward-auth', 'api'] as const;
/** What the program of a unit is called with. */
const words = { litellm: [], middleware: [], 'forward-auth': ['forward-auth'], api: ['api'] };

describe('who runs us', () => {
  const drainMs = loadConfig({ rootDir, env: {}, isTerminal: false }).server.drainTimeoutMs;

  test('containers get longer for their stop than running requests may take [OPS-2]', () => {
    for (const { stop_grace_period: grace } of Object.values(composeServices())) {
      expect(grace).toMatch(/^\d+s$/);
      expect(Number.parseInt(grace) * 1000).toBeGreaterThan(drainMs);
    }
  });

  test('PM2 waits longer than running requests may take [OPS-2]', async () => {
    const { apps } = (await import(join(rootDir, 'ecosystem.config.js'))) as {
      readonly apps: readonly { readonly kill_timeout: number }[];
    };
    expect(apps).toHaveLength(2);
    for (const app of apps) expect(app.kill_timeout).toBeGreaterThan(drainMs);
  });

  test.each([...units, 'api'])(
    'systemd waits longer for %s than running requests may take [OPS-2]',
    (unit) => {
      expect(Number(settingsOf(unit)['TimeoutStopSec']) * 1000).toBeGreaterThan(drainMs);
    },
  );
});

describe('the units of systemd', () => {
  test.each(allUnits)('codex-plus-%s starts a program that is there [OPS-2]', (unit) => {
    const [program, ...more] =
      /^\/usr\/bin\/env node (.*)$/.exec(settingsOf(unit)['ExecStart']?.[0] ?? '')?.[1]?.split(' ') ?? [];
    expect(existsSync(join(rootDir, program ?? 'none'))).toBe(true);
    expect(more).toEqual(words[unit]);
  });

  test.each([...units, 'forward-auth'])(
    'codex-plus-%s is told where its home is: systemd tells none to users of its own making, and not every system knows them [OPS-2]',
    (unit) => {
      expect(environmentOf(unit)['HOME']).toBe('/tmp');
      expect(settingsOf(unit)['PrivateTmp']).toEqual(['yes']);
    },
  );

  const rights = (unit: string): Record<string, readonly string[]> =>
    Object.fromEntries(
      Object.entries(settingsOf(unit)).filter(([name]) =>
        /^(?:Capability|NoNew|Protect|Private|Restrict|Lock|SystemCall|DynamicUser|UMask)/.test(name),
      ),
    );

  test('api has no more rights than the tiers, and a user, a file and a folder of its own [API-3]', () => {
    expect(rights('api')).toEqual(rights('middleware'));
    const { User: user, StateDirectory: state, EnvironmentFile: files } = settingsOf('api');
    expect([user, state, files]).toEqual([['codex-plus-api'], ['codex-plus-api'], ['-/etc/codex-plus/api']]);
    const { given, env } = readApiService({ env: environmentOf('api'), rootDir, cwd: '/opt/codex-plus' });
    const { codex, server, stateDir } = loadConfig({ rootDir, env, given, isTerminal: false });
    expect([server.host, server.port, codex.sandbox]).toEqual(['127.0.0.1', 11_435, 'no-commands']);
    for (const folder of [stateDir, codex.home, codex.workDir])
      expect(folder).toMatch(/^\/var\/lib\/codex-plus-api\//);
  });

  test('forward-auth has no more rights than the tiers, a user of its own, and no key of a provider [API-4]', () => {
    expect(rights('forward-auth')).toEqual(rights('middleware'));
    const { User: user, StateDirectory: state, UnsetEnvironment: unset } = settingsOf('forward-auth');
    expect([user, state]).toEqual([['codex-plus-forward-auth'], undefined]);
    expect(unset?.join(' ').split(' ')).toEqual(
      expect.arrayContaining([...configOf('middleware').providers.map(({ apiKeyEnv }) => apiKeyEnv)]),
    );
  });

  test('both services find the same key, in a folder that is theirs [OPS-2]', () => {
    const folders = units.map((unit) => `/var/lib/${settingsOf(unit)['StateDirectory']?.join() ?? ''}`);
    expect(units.map((unit) => configOf(unit).stateDir)).toEqual(folders);
    const [litellm, middleware] = units.map((unit) => configOf(unit).litellm);
    expect(litellm?.masterKeyFile).toBe(middleware?.masterKeyFile);
    expect(middleware?.mode).toBe('external');
    expect(units.map((unit) => settingsOf(unit)['User'])).toEqual([['codex-plus'], ['codex-plus']]);
  });

  test('the middleware starts after LiteLLM, so that it stops before it [OPS-2]', () => {
    const { After: after, Wants: wants } = settingsOf('middleware');
    expect(after?.join(' ')).toContain('codex-plus-litellm.service');
    expect(wants?.join(' ')).toContain('codex-plus-litellm.service');
  });

  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  (hasSystemd ? test : test.skip)('systemd reads them without a complaint [OPS-2]', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...allUnits.map(unitFile)], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
