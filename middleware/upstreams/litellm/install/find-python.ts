import { run } from '../../../platform/process/run.ts';

export interface FoundPython {
  readonly file: string;
  readonly args: readonly string[];
  readonly version: string;
}

interface FindPythonOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** What LiteLLM's wheel declares. */
const oldest = 10;
const newest = 14;

/** First those for which every locked package has a built wheel for sure. */
const candidates: readonly (readonly [string, ...string[]])[] = [
  ['python3.12'],
  ['python3.11'],
  ['python3.13'],
  ['python3.10'],
  ['python3'],
  ['python'],
  ...(process.platform === 'win32' ? ([['py', '-3']] as const) : []),
];

/** A Python on PATH that LiteLLM can run on; `undefined` when there is none. */
export async function findPython(options: FindPythonOptions): Promise<FoundPython | undefined> {
  for (const [file, ...args] of candidates) {
    const asked = await run({
      file,
      args: [...args, '-c', 'import sys; print("%d.%d" % sys.version_info[:2])'],
      cwd: options.cwd,
      env: options.env,
      signal: options.signal,
      timeoutMs: 20_000,
      maxOutputLength: 10_000,
    });
    const version = /^3\.(\d+)\s*$/.exec(asked.stdout);
    const minor = Number(version?.[1]);
    if (asked.exitCode === 0 && minor >= oldest && minor <= newest)
      return { file, args, version: `3.${minor}` };
  }
  return undefined;
}
