import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { CliContext } from '../../../middleware/cli/context.ts';
import { runCli } from '../../../middleware/cli/program.ts';
import { rootDir } from '../../support/compose-middleware.ts';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What was printed as JSON. */
  readonly json: () => unknown;
}

/** A home, a project and a configuration of the middleware on a real disk, and the command line in them. */
export interface CliPlace {
  readonly root: string;
  readonly home: string;
  readonly project: string;
  readonly stateDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes files below the root by their paths; what is no text is written as JSON. */
  readonly write: (files: Readonly<Record<string, unknown>>) => void;
  readonly read: (path: string) => string;
  /** Runs the command line in the project; nobody can be asked. */
  readonly run: (args: readonly string[], more?: Partial<CliContext>) => Promise<CliResult>;
  readonly remove: () => void;
}

export function createCliPlace(): CliPlace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'codex-plus-cli-')));
  const [home, project, stateDir] = [join(root, 'home'), join(root, 'project'), join(root, 'state')];
  for (const folder of [home, project]) mkdirSync(folder);
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    CODEX_PLUS_STATE_DIR: stateDir,
    CODEX_PLUS_CONFIG: join(root, 'codex_plus.json'),
  };
  const write: CliPlace['write'] = (files) => {
    for (const [path, content] of Object.entries(files)) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    }
  };
  write({ 'codex_plus.json': {} });
  return {
    ...{ root, home, project, stateDir, env, write },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    run: async (args, more = {}) => {
      const [stdout, stderr] = [new Collected(), new Collected()];
      const stdin = Readable.from([]);
      const context = {
        rootDir,
        cwd: project,
        home,
        env,
        stdin,
        isInteractive: false,
        ...more,
        stdout,
        stderr,
      };
      const exitCode = await runCli(args, context, '1.2.3');
      return {
        exitCode,
        stdout: stdout.text,
        stderr: stderr.text,
        json: () => JSON.parse(stdout.text) as unknown,
      };
    },
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

class Collected extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}
