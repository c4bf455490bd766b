import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import {
  composeServices,
  containerEnvironment,
  labelsOf,
  serviceOf,
  servicesOf,
} from '../../support/compose-file.ts';
import { rootDir } from '../../support/compose-middleware.ts';

const read = (file: string): string => readFileSync(join(rootDir, 'deploy', 'traefik', file), 'utf8');
const services = servicesOf('docker-compose.yml');
const ofProfile = Object.entries(services).filter(([, { profiles }]) => profiles?.includes('traefik'));

/** What a configuration says, as labels say it: names in lower case, and lists in one text. */
function asLabels(value: unknown, path: string): [string, string][] {
  if (Array.isArray(value) || typeof value !== 'object' || value === null)
    return [[path.toLowerCase(), String(value)]];
  return Object.entries(value).flatMap(([name, member]) => asLabels(member, `${path}.${name}`));
}

/** All but what each of the two forms says in its own way: where the services are, and which origins may call. */
function comparable(labels: readonly (readonly [name: string, value: string])[]): Record<string, string> {
  const own = /\.(?:address|accesscontrolalloworiginlist|enable)$|\.services\./;
  return Object.fromEntries(labels.filter(([name]) => !own.test(name)));
}

describe('the two forms of the routers', () => {
  const file = load(read('dynamic/codex-plus.yml')) as {
    readonly http: Readonly<Record<'routers' | 'middlewares', object>>;
  };
  const labels = labelsOf(composeServices().middleware);
  const names = ['codex-api', 'codex-preflight', 'codex-models', 'codex-health'];

  test('labels and file have the routers of the documents, and say the same of each and of what stands before it [API-4]', () => {
    expect(Object.keys(file.http.routers)).toEqual(names);
    const { routers, middlewares } = file.http;
    const fromFile = comparable(asLabels({ routers, middlewares }, 'traefik.http'));
    const fromLabels = Object.entries(labels).map(
      ([name, value]) => [name.toLowerCase(), value.replace('Host(`localhost`) && ', '')] as const,
    );
    expect(comparable(fromLabels)).toEqual(fromFile);
    expect(Object.keys(fromFile).length).toBeGreaterThan(20);
  });

  test('every label asks for a host name, and none counts until the user says so [API-4]', () => {
    const rules = Object.entries(labels).filter(([name]) => name.endsWith('.rule'));
    expect(rules.map(([, rule]) => rule.startsWith('Host(`localhost`) && '))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(labels['traefik.enable']).toBe('false');
    expect(labels['traefik.http.middlewares.codex-auth.forwardauth.address']).toBe(
      'http://127.0.0.1:18080/verify',
    );
  });
});

describe('the profile traefik', () => {
  test('adds Traefik and the service, and without it the two tiers start as before [OPS-5]', () => {
    expect(ofProfile.map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['forward-auth', ['traefik']],
      ['traefik', ['traefik']],
    ]);
    const usual = Object.entries(services).filter(([, { profiles }]) => profiles === undefined);
    expect(usual.map(([name]) => name)).toEqual(['litellm', 'middleware']);
  });

  test.each(ofProfile)(
    '%s has no rights, and none of the keys of .env but those of callers [API-4]',
    (_name, service) => {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], env_file: [] });
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
      expect(Object.keys(service.environment).filter((name) => !name.startsWith('CODEX_PLUS_'))).toEqual([]);
      for (const volume of service.volumes) {
        const [source = '', , mode] = volume.split(':');
        expect([existsSync(join(rootDir, source)), mode]).toEqual([true, 'ro,z']);
      }
      // Both ports are on loopback until the user says otherwise.
      expect(service.ports.map((port) => port.replace(/^\$\{\w+:-(.*)\}/, '$1'))).toEqual([
        expect.stringMatching(/^127\.0\.0\.1:/),
      ]);
    },
  );

  test("Traefik's addresses are those of the services [API-4]", () => {
    const { environment } = services['forward-auth'] ?? {};
    const port = environment?.['CODEX_PLUS_FORWARD_AUTH_PORT'];
    expect(environment?.['CODEX_PLUS_FORWARD_AUTH_HOST']).toBe('0.0.0.0');
    expect(read('dynamic/codex-plus.yml')).toContain(`http://forward-auth:${String(port)}/verify`);
    const { server } = loadConfig({
      ...{ rootDir, isTerminal: false },
      env: containerEnvironment(composeServices().middleware),
    });
    expect(read('dynamic/codex-plus.yml')).toContain(`http://middleware:${server.port}`);
    expect(services['forward-auth']?.healthcheck.test.join(' ')).toContain(
      `127.0.0.1:${String(port)}/healthz`,
    );
  });

  test('running streams may finish, and a kept connection is given up before the middleware closes it [API-4] [OPS-2]', () => {
    const { entryPoints, serversTransport } = load(read('traefik.yml')) as {
      readonly entryPoints: {
        readonly web: { readonly transport: { readonly lifeCycle: { readonly graceTimeOut: string } } };
      };
      readonly serversTransport: { readonly forwardingTimeouts: { readonly idleConnTimeout: string } };
    };
    const { drainTimeoutMs } = loadConfig({ rootDir, env: {}, isTerminal: false }).server;
    const graceSeconds = Number.parseInt(entryPoints.web.transport.lifeCycle.graceTimeOut);
    expect(graceSeconds * 1000).toBeGreaterThan(drainTimeoutMs);
    expect(Number.parseInt(services['traefik']?.stop_grace_period ?? '')).toBeGreaterThan(graceSeconds);
    expect(Number.parseInt(serversTransport.forwardingTimeouts.idleConnTimeout)).toBeLessThan(75);
  });
});

describe('compose.dev.stack.yml', () => {
  const stack = servicesOf('compose.dev.stack.yml');

  test('has what the routers lead to, asks for a key, and is there for this machine alone [API-4]', () => {
    expect(Object.keys(stack)).toEqual(['middleware', 'forward-auth', 'traefik']);
    const config = loadConfig({
      ...{ rootDir, isTerminal: false },
      env: {
        ...containerEnvironment(serviceOf('compose.dev.stack.yml', 'middleware')),
        CODEX_PLUS_API_KEYS: 'a-key-that-is-made-up',
      },
    });
    expect([config.server.host, config.server.port, config.litellm.mode]).toEqual(['0.0.0.0', 3000, 'off']);
    for (const name of ['middleware', 'forward-auth'])
      expect(stack[name]?.environment['CODEX_PLUS_API_KEYS']).toMatch(/^\$\{CODEX_PLUS_API_KEYS:\?/);
    for (const { ports = [], ...service } of Object.values(stack)) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    }
    for (const { command = [] } of Object.values(stack))
      for (const file of command.filter((word) => word.endsWith('.ts')))
        expect(existsSync(join(rootDir, file))).toBe(true);
  });
});
