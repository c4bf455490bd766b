import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Processes, Target } from './processes.ts';
import { scripts } from './scenarios.ts';
import { inPath, type Script } from './script.ts';

interface PeerOptions {
  readonly rootDir: string;
  readonly upstreamPort: number;
}

/** Gateways that others wrote, installed where they are missing: Portkey from npm, and the LiteLLM that we pin. */
export async function startPeers(processes: Processes, options: PeerOptions): Promise<readonly Target[]> {
  return [await startPortkey(processes, options), await startLitellm(processes, options)];
}

const portkey = '@portkey-ai/gateway@1.15.2';

async function startPortkey(processes: Processes, { rootDir, upstreamPort }: PeerOptions): Promise<Target> {
  const folder = join(rootDir, '.state', 'peers', portkey.replaceAll(/\W+/g, '-'));
  const program = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', portkey], {
      ...{ cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
    });
  }
  const target = await processes.startOn('Portkey', {
    file: process.execPath,
    args: (port) => [program, `--port=${port}`, '--headless'],
    probe: '/',
  });
  return { ...target, headersFor: (script) => headersOfPortkey(script, upstreamPort) };
}

function headersOfPortkey(script: Script, upstreamPort: number): string {
  const host = `http://127.0.0.1:${upstreamPort}${inPath(script)}/v1`;
  return `x-portkey-provider: openai\r\nx-portkey-custom-host: ${host}\r\nauthorization: Bearer made-up\r\n`;
}

async function startLitellm(processes: Processes, { rootDir, upstreamPort }: PeerOptions): Promise<Target> {
  execFileSync(process.execPath, [join(rootDir, 'litellm/start.ts'), '--install-only'], {
    ...{ cwd: rootDir, stdio: ['ignore', 'ignore', 'inherit'] },
  });
  const environments = join(rootDir, 'litellm/.venv');
  const { folder } = JSON.parse(readFileSync(join(environments, 'active.json'), 'utf8')) as {
    folder: string;
  };
  const configFile = join(processes.folder, 'litellm.yaml');
  // JSON is YAML.
  const entries = scripts.map((script) => ({
    model_name: modelFor(script),
    litellm_params: {
      model: 'openai/gpt-5.5',
      api_base: `http://127.0.0.1:${upstreamPort}${inPath(script)}/v1`,
      api_key: 'made-up',
    },
  }));
  writeFileSync(configFile, JSON.stringify({ model_list: entries }));
  const target = await processes.startOn('LiteLLM', {
    file: join(environments, folder, 'bin/python'),
    args: (port) => ['-m', 'litellm.proxy.proxy_cli', '--config', configFile, '--port', String(port)],
    env: {
      ...{ LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_MODE: 'PRODUCTION', LITELLM_LOG: 'ERROR' },
      // It listens on loopback for as long as the run takes.
      LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: 'true',
    },
    probe: '/health/liveliness',
  });
  return { ...target, modelFor };
}

function modelFor({ events, firstMs, gapMs }: Script): string {
  return `scripted-${events}-${firstMs}-${gapMs}`;
}
