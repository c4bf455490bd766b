import { describe, expect, test } from '@jest/globals';
import { checkDaemon } from '../../../middleware/cli/doctor/check-daemon.ts';
import { checkHooks } from '../../../middleware/cli/doctor/check-hooks.ts';
import { checkProxy } from '../../../middleware/cli/doctor/check-proxy.ts';
import type { DaemonFacts, ListedHook } from '../../../middleware/cli/doctor/facts.ts';
import type { Finding } from '../../../middleware/cli/doctor/finding.ts';
import { readHookList } from '../../../middleware/cli/doctor/gather/list-hooks.ts';
import type { Environment } from '../../../middleware/platform/config/environment.ts';
import { codexConfig, noActions, pointedHere, soundFacts } from './sound-facts.ts';

/** What Codex 0.169.0 did with a call for the host, by variables: each row was measured. */
const measured: readonly (readonly [host: string, env: Environment, isProxied: boolean])[] = [
  ['127.0.0.1', { HTTP_PROXY: 'http://p:1' }, true],
  ['127.0.0.1', { http_proxy: 'http://p:1', NO_PROXY: 'localhost' }, true],
  ['127.0.0.1', { HTTP_PROXY: 'http://p:1', NO_PROXY: '127.0.0.1' }, false],
  ['127.0.0.1', { HTTP_PROXY: 'http://p:1', NO_PROXY: 'a, 127.0.0.1 ' }, false],
  ['127.0.0.1', { HTTP_PROXY: 'http://p:1', NO_PROXY: '127.0.0.0/8' }, false],
  ['127.0.0.1', { HTTP_PROXY: 'http://p:1', NO_PROXY: '127.0.0.1:3000' }, true],
  ['127.0.0.1', { HTTP_PROXY: 'http://p:1', NO_PROXY: '*' }, true],
  ['127.0.0.1', { HTTP_PROXY: 'http://p:1', no_proxy: '127.0.0.1' }, false],
  ['127.0.0.1', { HTTP_PROXY: 'http://p:1', NO_PROXY: 'localhost', no_proxy: '127.0.0.1' }, true],
  ['127.0.0.1', { HTTP_PROXY: 'http://p:1', NO_PROXY: '', no_proxy: '127.0.0.1' }, true],
  ['127.0.0.1', { HTTP_PROXY: '', http_proxy: 'http://p:1' }, false],
  ['127.0.0.1', { HTTPS_PROXY: 'http://p:1' }, false],
  ['127.0.0.1', { ALL_PROXY: 'http://p:1' }, true],
  ['localhost', { HTTP_PROXY: 'http://p:1', NO_PROXY: '*' }, false],
  ['localhost', { HTTP_PROXY: 'http://p:1', NO_PROXY: 'localhost' }, false],
  ['localhost', { HTTP_PROXY: 'http://p:1', NO_PROXY: '127.0.0.1' }, true],
];

describe('doctor on proxies', () => {
  for (const [host, env, isProxied] of measured) {
    test(`${JSON.stringify(env)} ${isProxied ? 'swallows' : 'leaves'} calls for ${host} [CFG-4]`, () => {
      const facts = soundFacts({ facts: { env }, middleware: { url: `http://${host}:3000` } });
      const found = checkProxy(facts).map(({ id, level }) => ({ id, level }));
      expect(found.some(({ level }) => level === 'problem')).toBe(isProxied);
    });
  }

  test('says what to set, and never the address of the proxy, which may hold a password [CFG-4]', () => {
    const env = { HTTP_PROXY: 'http://me:secret@p:1' };
    const found = checkProxy(soundFacts({ facts: { env } }));
    expect(found).toMatchObject([{ id: 'proxy', level: 'problem', where: 'the environment' }]);
    expect(JSON.stringify(found)).toContain('export NO_PROXY=127.0.0.1,localhost');
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  test('is silent about a middleware on another machine [CFG-4]', () => {
    const facts = soundFacts({
      facts: { env: { HTTP_PROXY: 'http://p:1' } },
      middleware: { url: 'http://proxy.example:3000' },
    });
    expect(checkProxy(facts)).toEqual([]);
  });
});

describe('doctor on hooks', () => {
  const hook: ListedHook = {
    event: 'stop',
    isOurs: false,
    isTrusted: false,
    isEnabled: true,
    file: '/c.toml',
  };

  function found(...hooks: readonly ListedHook[]): Finding[] {
    return checkHooks(soundFacts({ codex: { hooks: { kind: 'listed', hooks, errors: [] } } }));
  }

  test('ours, untrusted, are a problem; others a warning [CFG-4]', () => {
    const ours = { ...hook, event: 'preToolUse', isOurs: true };
    expect(found(hook, ours, { ...ours, event: 'postToolUse' })).toEqual([
      {
        id: 'our-hooks',
        level: 'problem',
        what: 'Codex does not trust our hooks (preToolUse, postToolUse): your hooks do not see calls that stay inside Codex',
        where: '/c.toml',
        todo: 'start codex, type /hooks, and trust them',
      },
      {
        id: 'hooks',
        level: 'warning',
        what: 'Codex does not run 1 hook that nobody trusted (stop)',
        where: '/c.toml',
        todo: 'start codex, type /hooks, and read them first',
      },
    ]);
  });

  test('trusted ones are well, and those that are switched off do not matter [CFG-4]', () => {
    expect(found({ ...hook, isTrusted: true }, { ...hook, isEnabled: false })).toEqual([
      { id: 'hooks', level: 'ok', what: 'Codex trusts its 1 hook' },
    ]);
  });

  test('a Codex that does not tell is a warning [CFG-4]', () => {
    const hooks = { kind: 'failed', reason: 'codex app-server ended with exit code 1' } as const;
    expect(checkHooks(soundFacts({ codex: { hooks } }))).toMatchObject([{ id: 'hooks', level: 'warning' }]);
  });

  test('the answer of hooks/list is read as Codex 0.169.0 gives it, and nonsense is no hook [CFG-4]', () => {
    const listed = {
      ...{ key: 'k', eventName: 'preToolUse', handlerType: 'mcpTool', server: 'codexplus', tool: 'hook' },
      ...{ sourcePath: '/c.toml', source: 'user', enabled: true, currentHash: 'sha256:0' },
    };
    const statuses = ['managed', 'untrusted', 'trusted', 'modified'];
    const hooks = [...statuses.map((trustStatus) => ({ ...listed, trustStatus })), 'nonsense'];
    const errors = [{ path: '/', message: 'refused' }, { path: '/' }];
    expect(readHookList({ data: [{ cwd: '/', hooks, warnings: [], errors }] })).toEqual({
      kind: 'listed',
      hooks: [true, false, true, false].map((isTrusted) => ({
        ...{ event: 'preToolUse', isOurs: true, isTrusted, isEnabled: true, file: '/c.toml' },
      })),
      errors: ['refused'],
    });
    expect(readHookList('nonsense')).toEqual({ kind: 'listed', hooks: [], errors: [] });
  });
});

describe('doctor on the background process of Codex', () => {
  const config = codexConfig(`${pointedHere}env_key = "MY_KEY"\n`);

  function found(daemon: DaemonFacts, env: Environment, taken: string[] = []): Finding[] {
    return checkDaemon(soundFacts({ facts: { env }, codex: { config, daemon } }), noActions(taken));
  }

  test('one that was started with another key is a problem, named without either key [CFG-4]', () => {
    const [fault] = found(
      { pid: 12, env: { MY_KEY: 'old-secret', A: '1' } },
      { MY_KEY: 'new-secret', A: '2' },
    );
    expect(fault).toMatchObject({
      id: 'daemon',
      level: 'problem',
      what: 'Codex runs in the background with another MY_KEY than this shell has',
      where: 'pid 12',
      todo: 'codex app-server daemon stop',
    });
    expect(JSON.stringify(fault)).not.toContain('secret');
  });

  test('one with other proxies than this shell has is a problem, and can be stopped from here [CFG-4]', async () => {
    const taken: string[] = [];
    const [fault] = found(
      { pid: 12, env: { MY_KEY: 'x', NO_PROXY: 'a' } },
      { MY_KEY: 'x', HTTP_PROXY: 'b' },
      taken,
    );
    if (fault === undefined || fault.level === 'ok') throw new Error('not a fault');
    expect(fault.what).toBe(
      'Codex runs in the background with another HTTP_PROXY, NO_PROXY than this shell has',
    );
    await fault.fix?.apply();
    expect(taken).toEqual(['stop the daemon']);
  });

  test('one with the same environment is well [CFG-4]', () => {
    expect(found({ pid: 12, env: { MY_KEY: 'x', A: '1' } }, { MY_KEY: 'x' })).toMatchObject([
      { level: 'ok' },
    ]);
  });

  test('where the system does not tell its environment, variables that matter are named [CFG-4]', () => {
    expect(found({ pid: 12, env: undefined }, { MY_KEY: 'x' })).toMatchObject([
      { level: 'warning', what: 'Codex runs in the background with the MY_KEY of its start' },
    ]);
    const facts = soundFacts({ codex: { daemon: { pid: 12, env: undefined } } });
    expect(checkDaemon(facts, noActions())).toEqual([]);
  });
});
