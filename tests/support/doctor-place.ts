import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { runCli, type CliRun } from './run-cli.ts';
import { sparePort } from './spare-port.ts';
import { makeTestFolder } from './start-middleware.ts';

/** What `codex-plus doctor --json` prints. */
export interface DoctorReport {
  readonly problems: number;
  readonly findings: readonly {
    readonly id: string;
    readonly level: 'ok' | 'warning' | 'problem';
    readonly what: string;
    readonly where?: string;
    readonly todo?: string;
    readonly fix?: string;
  }[];
}

/** A project, a home of Codex, ports and a state folder of a test's own. */
export interface DoctorPlace {
  readonly folder: string;
  readonly project: string;
  readonly codexHome: string;
  /** The folder for temporary files. */
  readonly temporary: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where the middleware would be. */
  readonly url: string;
  readonly litellmUrl: string;
  /** Runs `doctor --json` in the project. */
  readonly examine: (
    more?: Readonly<Record<string, string>>,
    args?: readonly string[],
  ) => Promise<CliRun & { readonly report: () => DoctorReport }>;
  /** Puts a program of somebody else on the port of an address. */
  readonly occupy: (url: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export async function createDoctorPlace(): Promise<DoctorPlace> {
  const folder = await makeTestFolder('doctor');
  const project = join(folder, 'project');
  const codexHome = join(folder, 'codex');
  await mkdir(join(project, '.git'), { recursive: true });
  await mkdir(codexHome);
  // The machine's own may hold this checkout, and Codex has no home in it.
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const [port, litellmPort] = [await sparePort(), await sparePort()];
  const litellmUrl = `http://127.0.0.1:${litellmPort}`;
  const env = {
    HOME: folder,
    TMPDIR: temporary,
    CODEX_HOME: codexHome,
    CODEX_PLUS_STATE_DIR: join(folder, 'state'),
    CODEX_PLUS_PORT: String(port),
    CODEX_PLUS_LITELLM_URL: litellmUrl,
  };
  const servers: Server[] = [];
  return {
    ...{ folder, project, codexHome, temporary, env, litellmUrl, url: `http://127.0.0.1:${port}` },
    examine: async (more = {}, args = []) => {
      const run = await runCli(['doctor', '--json', ...args], { env: { ...env, ...more }, cwd: project });
      return { ...run, report: () => JSON.parse(run.stdout) as DoctorReport };
    },
    occupy: async (url) => {
      const server = createServer((_request, response) => response.end('hello'));
      server.listen(Number(new URL(url).port), '127.0.0.1');
      await once(server, 'listening');
      servers.push(server);
    },
    remove: async () => {
      for (const server of servers) server.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The configuration with which Codex calls a middleware. */
export function configFor(url: string, more = ''): string {
  return `model_provider = "codex-plus"
model = "gpt-5"

[model_providers.codex-plus]
name = "codex-plus"
base_url = "${url}/v1"
${more}`;
}
