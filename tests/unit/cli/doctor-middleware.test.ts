import { describe, expect, test } from '@jest/globals';
import { checkAll } from '../../../middleware/cli/doctor/check-all.ts';
import { checkMiddleware } from '../../../middleware/cli/doctor/check-middleware.ts';
import type { Facts } from '../../../middleware/cli/doctor/facts.ts';
import type { Finding } from '../../../middleware/cli/doctor/finding.ts';
import { noActions, soundFacts, soundHealth } from './sound-facts.ts';

function faults(facts: Facts): Finding[] {
  return checkMiddleware(facts, noActions()).filter(({ level }) => level !== 'ok');
}

describe('doctor on the middleware', () => {
  test('nothing is wrong with a sound machine, and every part of it is named [CFG-4]', () => {
    expect(checkAll(soundFacts(), noActions())).toEqual([
      { id: 'node', level: 'ok', what: 'Node 24.21.0' },
      { id: 'config', level: 'ok', what: 'the configuration is sound' },
      { id: 'middleware', level: 'ok', what: 'Codex-Plus 0.1.0 runs at http://127.0.0.1:3000' },
      { id: 'litellm', level: 'ok', what: 'LiteLLM is ready with 1 model' },
      { id: 'prices', level: 'ok', what: 'every model has a price' },
      { id: 'codex-version', level: 'ok', what: 'Codex 0.169.0, tested with this release' },
      { id: 'codex-config', level: 'ok', what: 'Codex can read /home/me/.codex/config.toml' },
      { id: 'provider', level: 'ok', what: 'Codex calls http://127.0.0.1:3000/v1' },
    ]);
  });

  for (const [version, isProblem] of [
    ['22.19.0', false],
    ['23.0.0', false],
    ['22.18.9', true],
    ['20.20.2', true],
  ] as const) {
    test(`Node ${version} ${isProblem ? 'is too old' : 'will do'} [CFG-4]`, () => {
      const found = faults(soundFacts({ facts: { node: { version, oldest: '22.19' } } }));
      const problem = {
        id: 'node',
        level: 'problem',
        what: `Node ${version} is too old`,
        todo: 'install Node 22.19 or newer',
      };
      expect(found).toEqual(isProblem ? [problem] : []);
    });
  }

  test('a fault of the configuration is named with its file and its setting, and hides what needs it [CFG-4]', () => {
    const configFaults = [
      { source: 'codex_plus.json', path: 'server.port', reason: 'must be at most 65535' },
    ];
    const facts = soundFacts({ facts: { configFaults, middleware: undefined, litellm: undefined } });
    expect(checkAll(facts, noActions()).filter(({ level }) => level !== 'ok')).toEqual([
      {
        id: 'config',
        level: 'problem',
        what: 'server.port: must be at most 65535',
        where: 'codex_plus.json',
        todo: 'mend it; docs/configuration.md has every setting',
      },
    ]);
  });

  test('a middleware that does not run can be started from here [CFG-4]', async () => {
    const taken: string[] = [];
    const facts = soundFacts({ middleware: { health: undefined } });
    const found = checkMiddleware(facts, noActions(taken)).find(({ id }) => id === 'middleware');
    expect(found).toMatchObject({
      level: 'problem',
      where: 'http://127.0.0.1:3000',
      todo: 'codex-plus start',
    });
    if (found === undefined || found.level === 'ok') throw new Error('not a fault');
    await found.fix?.apply();
    expect(taken).toEqual(['start']);
  });

  test('another program on our port is no middleware that could be started [CFG-4]', () => {
    const portFault = 'port 3000 is in use by another program';
    expect(faults(soundFacts({ middleware: { health: undefined, portFault } }))).toEqual([
      {
        id: 'port',
        level: 'problem',
        what: portFault,
        where: 'http://127.0.0.1:3000',
        todo: 'see who it is with `who 3000` and stop that program, or set CODEX_PLUS_PORT',
      },
    ]);
  });

  test('one that cannot answer model calls says why [CFG-4]', () => {
    const health = { ...soundHealth(), status: 'degraded', reason: 'LiteLLM is starting' };
    expect(faults(soundFacts({ middleware: { health } }))).toEqual([
      {
        id: 'middleware',
        level: 'problem',
        what: 'Codex-Plus runs, and cannot answer model calls: LiteLLM is starting',
        where: 'http://127.0.0.1:3000',
        todo: 'mend what is said of LiteLLM, or set the key of a provider',
      },
    ]);
  });
});
