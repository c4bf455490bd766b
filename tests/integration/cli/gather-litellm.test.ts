import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { gatherLitellm } from '../../../middleware/cli/doctor/gather/gather-litellm.ts';
import type { LitellmFacts } from '../../../middleware/cli/doctor/facts.ts';
import type { Health } from '../../../middleware/cli/instance/find-instance.ts';
import type { LitellmConfig } from '../../../middleware/platform/config/config.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { soundHealth } from '../../unit/cli/sound-facts.ts';

jest.setTimeout(30_000);

const masterKey = 'sk-made-up-master-key';

let rootDir: string;
let server: Server;
let url: string;
/** The credentials that our server was asked with. */
let seen: (string | undefined)[];
let answer: unknown;

beforeEach(async () => {
  rootDir = await makeTestFolder('gather');
  await mkdir(join(rootDir, 'litellm'));
  await mkdir(join(rootDir, 'bin'));
  await writeFile(join(rootDir, 'litellm', 'requirements.txt'), 'litellm==1\n');
  await writeFile(join(rootDir, 'litellm_config.yaml'), 'model_list: []\n');
  seen = [];
  server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.close();
  await rm(rootDir, { recursive: true, force: true });
});

async function gather(
  config: Partial<LitellmConfig> = {},
  running: { readonly health?: Health; readonly isOurs?: boolean } = {},
): Promise<LitellmFacts> {
  const context = {
    ...{ rootDir, cwd: rootDir, home: rootDir, env: { PATH: join(rootDir, 'bin') } },
    ...{ stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, isInteractive: false },
  };
  return gatherLitellm({
    context,
    config: {
      ...{ mode: 'managed', url: 'http://127.0.0.1:1', configFile: join(rootDir, 'litellm_config.yaml') },
      ...{ masterKey, masterKeyFile: join(rootDir, 'key'), ...config },
    },
    health: running.health,
    isOurs: running.isOurs ?? true,
  });
}

async function install(name: string, prints: string): Promise<void> {
  await writeFile(join(rootDir, 'bin', name), `#!/bin/sh\necho ${prints}\n`, { mode: 0o755 });
}

describe('what doctor sees of LiteLLM', () => {
  test('nothing that could install it, until Python or uv is on PATH [CFG-4]', async () => {
    expect(await gather()).toMatchObject({ isInstalled: false, installer: undefined });
    await install('python3', '3.9');
    expect((await gather()).installer).toBeUndefined();
    await install('uv', 'uv 0.9');
    expect((await gather()).installer).toBe('uv');
    await install('python3.12', '3.12');
    expect((await gather()).installer).toBe('Python 3.12');
  });

  test('a configuration that is missing, and a port that another program has [CFG-4]', async () => {
    const { port } = server.address() as AddressInfo;
    const facts = await gather({ url, configFile: join(rootDir, 'none.yaml') });
    expect(facts.faults).toEqual([expect.stringMatching(/^none\.yaml: it is missing or cannot be read/)]);
    expect(facts.portFault).toContain(`port ${port} is in use by another program`);
  });

  test('models whose price is missing or zero, asked with the master key [CFG-4]', async () => {
    const model = (name: string, info: unknown): unknown => ({ model_name: name, model_info: info });
    answer = {
      data: [
        model('dear', { input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 }),
        model('only-output', { input_cost_per_token: null, output_cost_per_token: 2e-6 }),
        model('zero', { input_cost_per_token: 0, output_cost_per_token: 0 }),
        model('none', {}),
        model('none', {}),
        'nonsense',
      ],
    };
    const { unpriced } = await gather({}, { health: soundHealth({ url }) });
    expect(unpriced).toEqual(['zero', 'none']);
    expect(seen).toEqual([`Bearer ${masterKey}`]);
  });

  test('the master key goes to no middleware of somebody else, and to no other machine [CFG-4]', async () => {
    const foreign = await gather({}, { health: soundHealth({ url }), isOurs: false });
    expect(foreign.unpriced).toBeUndefined();
    const elsewhere = url.replace('127.0.0.1', 'localhost.localdomain');
    expect((await gather({}, { health: soundHealth({ url: elsewhere }) })).unpriced).toBeUndefined();
    expect(seen).toEqual([]);
  });

  test('no prices where it does not tell [CFG-4]', async () => {
    answer = 'nonsense';
    expect((await gather({}, { health: soundHealth({ url }) })).unpriced).toBeUndefined();
    expect((await gather({}, { health: soundHealth({ url, state: 'starting' }) })).unpriced).toBeUndefined();
    expect(seen).toHaveLength(1);
  });
});
