import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  configFor,
  createDoctorPlace,
  type DoctorPlace,
  type DoctorReport,
} from '../support/doctor-place.ts';
import { startFakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { pathWithCodex } from '../support/run-cli.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware } from '../support/start-middleware.ts';

jest.setTimeout(180_000);

let place: DoctorPlace;

beforeEach(async () => {
  place = await createDoctorPlace();
});

afterEach(async () => {
  await place.remove();
});

/** The findings that are not well, as `level id`, each once. */
function faultsOf({ findings }: DoctorReport): string[] {
  const faults = findings.filter(({ level }) => level !== 'ok');
  return [...new Set(faults.map(({ level, id }) => `${level} ${id}`))].toSorted();
}

function oneOf({ findings }: DoctorReport, id: string): DoctorReport['findings'][number] | undefined {
  return findings.find((finding) => finding.id === id);
}

/** Nearly all that can be wrong with a `config.toml`. */
function wrongConfig(url: string): string {
  return [
    'model_provider = "codex_plus"',
    '[model_providers.codex-plus]',
    'name = "codex-plus"',
    'wire_api = "chat"',
    `base_url = "${url}/v1"`,
    '[model_providers.openai]',
    'name = "mine"',
    '[profiles.old]',
    'model = "gpt-5"',
  ].join('\n');
}

const twoModels = `model_list:
  - model_name: gpt-5
    litellm_params: { model: openai/gpt-5, api_key: os.environ/OPENAI_API_KEY }
  - model_name: house-model
    litellm_params: { model: openai/house-model, api_key: os.environ/OPENAI_API_KEY }
`;

describe('codex-plus doctor', () => {
  test('names everything that is wrong with a bad environment, and ends with 1 [CFG-4]', async () => {
    const temporary = await mkdtemp(join(place.temporary, 'codex-'));
    const litellmConfig = join(place.folder, 'litellm_config.yaml');
    try {
      await place.occupy(place.url);
      await place.occupy(place.litellmUrl);
      await writeFile(litellmConfig, twoModels);
      await writeFile(join(temporary, 'config.toml'), wrongConfig(place.url));
      await mkdir(join(place.project, '.codex'));
      await writeFile(join(place.project, '.codex', 'config.toml'), 'model_provider = "codex-plus"\n');
      const { exitCode, stdout, report } = await place.examine({
        CODEX_HOME: temporary,
        CODEX_PLUS_LITELLM_CONFIG: litellmConfig,
        OPENAI_BASE_URL: `${place.url}/v1`,
        HTTP_PROXY: 'http://me:proxy-password@127.0.0.1:9',
      });
      expect(faultsOf(report())).toEqual([
        'problem codex-home',
        'problem litellm-port',
        'problem openai-base-url',
        'problem port',
        'problem provider',
        'problem provider-keys',
        'problem proxy',
        'problem reserved-provider',
        'problem wire-api',
        'warning legacy-profile',
        'warning litellm-config',
        'warning project-config',
      ]);
      expect(exitCode).toBe(1);
      const { problems, findings } = report();
      expect(problems).toBe(findings.filter(({ level }) => level === 'problem').length);
      expect(findings.filter(({ level, todo }) => level !== 'ok' && todo === undefined)).toEqual([]);
      expect(oneOf(report(), 'wire-api')?.where).toBe(`${join(temporary, 'config.toml')}, line 4`);
      expect(stdout).not.toContain('proxy-password');
    } finally {
      await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  test('names a fault of our configuration with its variable [CFG-4]', async () => {
    const { exitCode, report } = await place.examine({ CODEX_PLUS_PORT: 'many' });
    expect(oneOf(report(), 'config')).toEqual({
      id: 'config',
      level: 'problem',
      what: 'CODEX_PLUS_PORT: "many" is not a whole number',
      where: 'environment',
      todo: 'mend it; docs/configuration.md has every setting',
    });
    expect(exitCode).toBe(1);
  });

  test('asks the real Codex for its version, its login and the hooks that it does not trust [CFG-4] [PX-7]', async () => {
    const hooks = `
[[hooks.PreToolUse]]
[[hooks.PreToolUse.hooks]]
type = "mcp_tool"
server = "codexplus"
tool = "hook"
[[hooks.Stop]]
[[hooks.Stop.hooks]]
type = "command"
command = "touch ${join(place.folder, 'was-run')}"
`;
    const config = join(place.codexHome, 'config.toml');
    await writeFile(config, configFor(place.url, `requires_openai_auth = true\n${hooks}`));
    const report = (await place.examine()).report();
    expect(oneOf(report, 'codex-version')).toEqual({
      id: 'codex-version',
      level: 'ok',
      what: expect.stringMatching(/^Codex \d+\.\d+\.\d+, tested with this release$/),
    });
    expect(oneOf(report, 'codex-login')).toMatchObject({ level: 'problem', where: `${config}, line 7` });
    expect(oneOf(report, 'provider')).toEqual({
      id: 'provider',
      level: 'ok',
      what: `Codex calls ${place.url}/v1`,
    });
    expect(oneOf(report, 'our-hooks')).toMatchObject({
      level: 'problem',
      what: expect.stringContaining('preToolUse'),
      where: config,
    });
    expect(oneOf(report, 'hooks')).toMatchObject({
      level: 'warning',
      what: 'Codex does not run 1 hook that nobody trusted (stop)',
    });
    expect(existsSync(join(place.folder, 'was-run'))).toBe(false);
  });

  test('tells what Codex refuses in its configuration in the words of Codex [CFG-4]', async () => {
    const nameless = 'model_provider = "x"\n[model_providers.x]\nbase_url = "http://x"\n';
    await writeFile(join(place.codexHome, 'config.toml'), nameless);
    expect(oneOf((await place.examine()).report(), 'codex-config')).toMatchObject({
      level: 'problem',
      what: expect.stringContaining('provider name must not be empty'),
    });
  });

  test('a Codex of another version is told apart [PX-7]', async () => {
    const bin = join(place.folder, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'codex'), '#!/bin/sh\necho codex-cli 0.28.0\n', { mode: 0o755 });
    const { report } = await place.examine({ PATH: `${bin}:${pathWithCodex}` });
    expect(oneOf(report(), 'codex-version')).toMatchObject({
      level: 'problem',
      what: 'Codex 0.28.0 is older than 0.29, the oldest that is supported; upgrade it',
    });
  });

  test('ends with 0 beside a middleware that runs, and names the models without a price [CFG-4]', async () => {
    const upstream = await startFakeUpstream();
    const litellmPort = await sparePort();
    const middleware = await startMiddleware({
      upstreamUrl: upstream.url,
      litellmPort,
      litellmConfig: twoModels,
    });
    try {
      await middleware.untilLitellmIs('ready');
      await writeFile(join(place.codexHome, 'config.toml'), configFor(middleware.url));
      const stateDir = dirname(middleware.litellmConfigFile);
      const { exitCode, stdout, report } = await place.examine({
        CODEX_PLUS_STATE_DIR: stateDir,
        CODEX_PLUS_LITELLM_CONFIG: middleware.litellmConfigFile,
        CODEX_PLUS_LITELLM_URL: `http://127.0.0.1:${litellmPort}`,
      });
      expect(faultsOf(report())).toEqual(['warning prices']);
      expect(oneOf(report(), 'prices')?.what).toContain('no price for house-model:');
      expect(exitCode).toBe(0);
      expect(stdout).not.toContain(readFileSync(join(stateDir, 'litellm_master_key'), 'utf8').trim());
    } finally {
      await middleware.stop();
      await upstream.close();
    }
  });
});
