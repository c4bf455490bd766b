import { join } from 'node:path';
import type { FoundPython } from './find-python.ts';
import { pythonIn } from './virtual-environment.ts';

export interface InstallStep {
  readonly file: string;
  readonly args: readonly string[];
  /** That its program is not there only means that this way cannot be gone. */
  readonly isProbe?: boolean;
}

interface InstallPlace {
  readonly litellmDir: string;
  /** Where the new environment goes. */
  readonly folder: string;
  readonly python: FoundPython | undefined;
}

/** Where, inside the new environment, pip puts the uv that fills it; taken away afterwards. */
export const bootstrapFolder = 'uv-bootstrap';

/** Only built wheels: what must be built runs code of its own while it is installed. */
const uvInstall = ['pip', 'install', '--no-build', '--no-deps', '--require-hashes', '--compile-bytecode'];
const pipInstall = ['-m', 'pip', 'install', '--only-binary', ':all:', '--no-deps', '--require-hashes'];

/**
 * The commands that make an environment: with the uv that is on PATH (which also finds, or fetches, a Python), with a uv
 * that pip brings, or with pip alone, which takes three times as long. `undefined` when that way needs a Python that is not
 * there.
 */
export function installSteps(
  way: 'uv' | 'bootstrapped-uv' | 'pip',
  { litellmDir, folder, python }: InstallPlace,
): readonly InstallStep[] | undefined {
  const lock = ['-r', join(litellmDir, 'requirements.txt')];
  const target = pythonIn(folder);
  if (way === 'uv') {
    return [
      { file: 'uv', args: ['--version'], isProbe: true },
      { file: 'uv', args: ['venv', '--no-project', '--python', python?.version ?? '3.12', folder] },
      { file: 'uv', args: [...uvInstall, '--python', target, ...lock] },
    ];
  }
  if (python === undefined) return undefined;
  const venv: InstallStep = { file: python.file, args: [...python.args, '-m', 'venv', folder] };
  if (way === 'pip') {
    return [
      venv,
      { file: target, args: [...pipInstall, '--progress-bar', 'off', ...lock] },
      // Up to Python 3.11 it comes with the environment, and brings a file that runs at every start.
      { file: target, args: ['-m', 'pip', 'uninstall', '--yes', 'setuptools'] },
    ];
  }
  const bootstrap = join(folder, bootstrapFolder);
  const uv = join(bootstrap, process.platform === 'win32' ? 'bin/uv.exe' : 'bin/uv');
  return [
    venv,
    { file: target, args: [...pipInstall, '--target', bootstrap, '-r', join(litellmDir, 'uv.txt')] },
    { file: uv, args: [...uvInstall, '--python', target, ...lock] },
    { file: uv, args: ['pip', 'uninstall', '--python', target, 'pip', 'setuptools'] },
  ];
}
