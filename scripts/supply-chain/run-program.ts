import { execFile } from 'node:child_process';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

const largestOutput = 256 * 1024 * 1024;

/** Runs a program to its end. One that does not exist is told in `stderr`, without an exit code. */
export function runProgram(command: string, args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, maxBuffer: largestOutput }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      const exitCode = typeof code === 'number' ? code : undefined;
      resolve({
        stdout,
        stderr: exitCode === undefined ? `${command}: ${error?.message ?? ''}` : stderr,
        exitCode,
      });
    });
  });
}

/** npm as it was called: it tells its scripts where it is; a bare `npm` may be another one, or a file that cannot be run. */
export function runNpm(args: readonly string[], cwd: string): Promise<Outcome> {
  const npm = process.env['npm_execpath'];
  return npm?.endsWith('.js')
    ? runProgram(process.execPath, [npm, ...args], cwd)
    : runProgram('npm', args, cwd);
}
