import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { rootDir } from '../compose-middleware.ts';
import { sparePort } from '../spare-port.ts';
import { makeTestFolder } from '../start-middleware.ts';
import { until } from '../until.ts';
import { traefikProgram } from './traefik-program.ts';

/** A real Traefik with deploy/traefik/traefik.yml, on ports that are free here. */
export interface RunningTraefik {
  readonly port: number;
  readonly url: string;
  /** What its container's health check says. */
  readonly isHealthy: () => boolean;
  readonly stop: () => Promise<void>;
}

interface TraefikOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Where its routers come from; the file of deploy/traefik unless the test says otherwise. */
  readonly providers?: object;
  /** Addresses of a proxy in front of it. */
  readonly trustedIPs?: readonly string[];
}

interface StaticConfig {
  readonly entryPoints: Readonly<Record<'web' | 'ping', object>>;
}

export async function startTraefik({
  env,
  providers,
  trustedIPs = [],
}: TraefikOptions): Promise<RunningTraefik> {
  const deployed = join(rootDir, 'deploy', 'traefik');
  const config = load(readFileSync(join(deployed, 'traefik.yml'), 'utf8')) as StaticConfig;
  const { web, ping } = config.entryPoints;
  const [port, pingPort] = [await sparePort(), await sparePort()];
  const folder = await makeTestFolder('traefik');
  const file = join(folder, 'traefik.yml');
  const here = {
    ...config,
    entryPoints: {
      web: { ...web, address: `127.0.0.1:${port}`, forwardedHeaders: { trustedIPs } },
      ping: { ...ping, address: `127.0.0.1:${pingPort}` },
    },
    providers: providers ?? { file: { directory: join(deployed, 'dynamic'), watch: true } },
  };
  // JSON is YAML.
  await writeFile(file, JSON.stringify(here));
  const program = await traefikProgram();
  const child = spawn(program, [`--configFile=${file}`], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const answers = async (): Promise<boolean> =>
    (await fetch(`${url}/healthz`).then(
      ({ status }) => status,
      () => 404,
    )) !== 404;
  await until(answers, 60_000).catch((cause: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`Traefik has no routers: ${output}`, { cause });
  });
  return {
    port,
    url,
    isHealthy: () => spawnSync(program, ['healthcheck', `--configFile=${file}`], { env }).status === 0,
    stop: async () => {
      // Not SIGTERM: it would give requests the time that a service gives them.
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
