import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Config } from '../../../middleware/platform/config/config.ts';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import {
  composeServices,
  containerEnvironment,
  dockerfileOf,
  type ComposeService,
} from '../../support/compose-file.ts';
import { composeMiddleware, rootDir } from '../../support/compose-middleware.ts';

const services = composeServices();
const both = Object.entries(services);

function configOf(service: ComposeService): Config {
  return loadConfig({ rootDir, env: containerEnvironment(service), isTerminal: false });
}

/** The URL that a service's health check asks. */
function healthUrl({ healthcheck }: ComposeService): URL {
  return new URL(/fetch\('([^']+)'\)/.exec(healthcheck.test.join(' '))?.[1] ?? 'none:');
}

/** What an image gets from the project's folder. */
function copied(service: ComposeService): string[] {
  return [...dockerfileOf(service).matchAll(/^COPY (?:--chmod=\d+ )?(?!--)(.+) \S+$/gm)].flatMap(
    ([, sources = '']) => sources.split(' '),
  );
}

/** The file and every file of ours that it imports, from the project's root. */
function withImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(join(rootDir, file), 'utf8');
  for (const [, kind, path = ''] of text.matchAll(
    /^(?:(?:import|export)( type)? [^;]*?from |await import\()'(\.[^']+)'\)?;/gm,
  )) {
    // Node leaves out what is only a type.
    if (kind === undefined) withImports(relative(rootDir, resolve(rootDir, dirname(file), path)), found);
  }
  return found;
}

describe('docker-compose.yml', () => {
  test('the two containers agree on where LiteLLM is and on its key [OPS-1]', () => {
    const middleware = configOf(services.middleware).litellm;
    const litellm = configOf(services.litellm).litellm;
    expect(middleware.mode).toBe('external');
    expect(new URL(middleware.url).hostname).toBe('litellm');
    expect(new URL(litellm.url).hostname).toBe('0.0.0.0');
    expect(new URL(litellm.url).port).toBe(new URL(middleware.url).port);
    expect(litellm.masterKeyFile).toBe(middleware.masterKeyFile);
    const folder = dirname(litellm.masterKeyFile);
    expect(services.litellm.volumes).toContain(`key:${folder}`);
    expect(services.middleware.volumes).toContain(`key:${folder}:ro`);
    for (const [, service] of both)
      expect(dockerfileOf(service)).toMatch(new RegExp(`install .*${folder}$`, 'm'));
  });

  test('the middleware listens for others only because its port is published on loopback alone [OPS-1] [SEC-6]', () => {
    expect(configOf(services.middleware).server).toMatchObject({
      host: '0.0.0.0',
      publishedOnLoopback: true,
    });
    for (const [, { ports }] of both) {
      expect(ports).toHaveLength(1);
      expect(ports[0]).toMatch(/^127\.0\.0\.1:/);
    }
  });

  test('nothing in the containers can be written to or has the rights of root [OPS-1]', () => {
    for (const [, service] of both) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect(service.volumes).toContain('./config:/app/config:ro,z');
      expect(dockerfileOf(service)).toMatch(/^USER (?:node|1000:1000)$/m);
    }
  });

  test('the health checks ask what is there and costs nothing [OPS-1]', async () => {
    const asked = healthUrl(services.middleware);
    expect(Number(asked.port)).toBe(configOf(services.middleware).server.port);
    const middleware = await composeMiddleware('http://127.0.0.1:9');
    expect((await fetch(new URL(asked.pathname, middleware.url))).status).toBe(200);
    middleware.setLitellm(undefined);
    expect((await fetch(new URL(asked.pathname, middleware.url))).status).toBe(503);
    await middleware.close();

    const litellm = healthUrl(services.litellm);
    expect(litellm.port).toBe(new URL(configOf(services.litellm).litellm.url).port);
    // LiteLLM's own /health would call every provider.
    expect(litellm.pathname).toBe('/health/readiness');
  });
});

describe('the images', () => {
  test.each(both)(
    'all that the %s image copies is there and gets past .dockerignore [OPS-1]',
    (_name, service) => {
      const letIn = readFileSync(join(rootDir, '.dockerignore'), 'utf8')
        .split('\n')
        .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
      for (const source of copied(service)) {
        expect({ source, isThere: existsSync(join(rootDir, source)) }).toEqual({ source, isThere: true });
        expect(letIn.some((path) => source === path || source.startsWith(`${path}/`))).toBe(true);
      }
    },
  );

  test.each([
    ['litellm', services.litellm, 'litellm/start.ts'],
    ['middleware', services.middleware, 'middleware/main.ts'],
  ] as const)('the %s image has every file that its program imports [OPS-1]', (_name, service, program) => {
    expect(dockerfileOf(service)).toContain(`CMD ["node", "${program}"]`);
    const files = withImports(program);
    expect(files.size).toBeGreaterThan(20);
    const folders = copied(service);
    const missing = [...files].filter(
      (file) => !folders.some((folder) => file === folder || file.startsWith(`${folder}/`)),
    );
    expect(missing).toEqual([]);
  });

  test.each(both)('the %s image has no development package [OPS-1]', (_name, service) => {
    expect(dockerfileOf(service)).toMatch(/npm ci --omit=dev/);
  });
});
