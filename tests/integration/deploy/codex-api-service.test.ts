import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readApiService } from '../../../middleware/platform/config/api/api-service.ts';
import type { Config } from '../../../middleware/platform/config/config.ts';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import {
  composeServices,
  containerEnvironment,
  dockerfileOf,
  serviceOf,
} from '../../support/compose-file.ts';
import { rootDir } from '../../support/compose-middleware.ts';

const service = serviceOf('docker-compose.yml', 'codex-api');

function configWith(more: Readonly<Record<string, string>> = {}): Config {
  const { env, given } = readApiService({
    ...{ rootDir, cwd: '/app' },
    env: { ...containerEnvironment(service), ...more },
  });
  return loadConfig({ rootDir, env, given, isTerminal: false });
}

test('the container of codex-plus api has no rights, and settings and keys of its own [API-3] [OPS-1]', () => {
  expect(service).toMatchObject({
    ...{ profiles: ['codex-api'], read_only: true, cap_drop: ['ALL'] },
    security_opt: ['no-new-privileges:true'],
    env_file: [{ path: '.env.codex-api', required: false }],
  });
  expect(readFileSync(join(rootDir, '.gitignore'), 'utf8')).toMatch(/^\.env\.codex-api$/m);
  expect(Object.values(service.environment)).not.toContain(null);
  expect(service.stop_grace_period).toBe(composeServices().middleware.stop_grace_period);
});

test('it keeps everything in its volume, and listens for others only while its port is on loopback [API-3] [SEC-6]', () => {
  const { codex, server, stateDir } = configWith();
  const [, volume = ''] = service.volumes.join().split(':');
  for (const folder of [codex.home, codex.workDir, stateDir])
    expect(folder.startsWith(`${volume}/`)).toBe(true);
  expect([server.host, server.publishedOnLoopback, codex.sandbox]).toEqual(['0.0.0.0', true, 'no-commands']);
  expect(service.ports).toEqual([`127.0.0.1:\${CODEX_API_PORT:-11435}:${server.port}`]);
  expect(service.healthcheck.test.join(' ')).toContain(`http://127.0.0.1:${server.port}/readyz`);
  expect(() => configWith({ CODEX_PLUS_PUBLISHED_ON_LOOPBACK: 'false' })).toThrow(/key/);
});

test('its image is that of the middleware with the Codex that it was tried with, which no other has [API-3] [OPS-1]', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const [, ...stages] = dockerfileOf(service).split(/^FROM /m);
  const named = stages.map((stage) => stage.split('\n')[0]);
  expect(service.build).toEqual({ context: '.', target: 'codex-api' });
  expect(named.slice(1)).toEqual([
    'node:24-bookworm-slim AS middleware',
    'middleware AS codex-api',
    'middleware',
  ]);
  const own = stages[2] ?? '';
  expect(own).toContain(`@openai/codex@${devDependencies['@openai/codex'] ?? 'none'} `);
  // Codex signs in nowhere but in a folder that is there; an empty volume takes this one over.
  expect(own).toContain(` ${String(service.environment['CODEX_HOME'])}\n`);
  expect(own).toMatch(/USER node\nEXPOSE 11435\nCMD \["node", "middleware\/main\.ts", "api"\]/);
});

test('a login that the documents show finds the folder that it is for, without which Codex refuses [API-3]', () => {
  const shown = [
    ...readFileSync(join(rootDir, 'docs', 'codex-api.md'), 'utf8').matchAll(/```sh\n(.*?)```/gs),
  ].flatMap(([, commands = '']) =>
    [...commands.matchAll(/^CODEX_HOME=(\S+) codex login$/gm)].map(([, home]) => [home, commands]),
  );
  expect(shown).toHaveLength(2);
  for (const [home, commands] of shown) expect(commands).toContain(`mkdir -p ${home}\n`);
});
