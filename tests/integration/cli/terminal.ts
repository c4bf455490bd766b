import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { rootDir } from '../../support/compose-middleware.ts';
import type { CliPlace } from './cli-place.ts';

/** Python's pty copies between our pipes and a terminal of the child's own, on Linux and macOS. */
const inTerminal = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

/** The terminal begins with no width at all, and questions would be drawn a letter a line. */
const withSize = ['/bin/sh', '-c', 'stty cols 120 rows 40; exec "$@"', 'sh'];

/** What stands there while a question is open; afterwards only the answer does. */
const openQuestion = '● No';

/** Runs the command line in a terminal and types an answer whenever a question is asked, until there are no more answers. */
export async function runInTerminal(
  { env, project }: CliPlace,
  args: readonly string[],
  answers: readonly string[],
): Promise<{ readonly exitCode: number | null; readonly screen: string }> {
  const program = [process.execPath, join(rootDir, 'middleware/cli/main.ts'), ...args];
  const child = spawn('python3', ['-c', inTerminal, ...withSize, ...program], {
    cwd: project,
    env: { ...env, TERM: 'xterm', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 60_000,
  });
  const left = [...answers];
  let screen = '';
  let seen = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    screen += bytes.toString('utf8');
    const at = screen.indexOf(openQuestion, seen);
    const answer = at === -1 ? undefined : left.shift();
    if (answer === undefined) return;
    seen = screen.length;
    child.stdin.write(answer);
  });
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  return { exitCode, screen };
}
