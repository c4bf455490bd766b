import { join } from 'node:path';
import { npmFindings, pythonFindings, type Findings } from './audit-findings.ts';
import { runNpm, runProgram } from './run-program.ts';

export interface Audited {
  readonly lines: readonly string[];
  readonly found: boolean;
}

/** Asks the databases of advisories about all that is locked. A tier that could not be checked is told, and is no finding. */
export async function audit(rootDir: string): Promise<Audited> {
  const tiers = { middleware: await auditNpm(rootDir), litellm: await auditPython(rootDir) };
  const lines = Object.entries(tiers).flatMap(([tier, findings]) => {
    if (findings.kind === 'unchecked') return [`${tier}: could not be checked: ${findings.reason}`];
    if (findings.advisories.length === 0) return [`${tier}: no advisory is known`];
    return findings.advisories.map((advisory) => `${tier}: ${advisory}`);
  });
  const found = Object.values(tiers).some(
    ({ kind, advisories }) => kind === 'checked' && advisories.length > 0,
  );
  return { lines, found };
}

async function auditNpm(rootDir: string): Promise<Findings> {
  return npmFindings(await runNpm(['audit', '--json', '--package-lock-only'], rootDir));
}

/** With pip-audit where it is installed, else with one that uv fetches. */
async function auditPython(rootDir: string): Promise<Findings> {
  const locks = ['requirements.txt', 'uv.txt'].flatMap((file) => ['-r', join(rootDir, 'litellm', file)]);
  const args = [
    '--disable-pip',
    '--require-hashes',
    '--format',
    'json',
    '--progress-spinner',
    'off',
    ...locks,
  ];
  const installed = await runProgram('pip-audit', args, rootDir);
  if (installed.exitCode !== undefined) return pythonFindings(installed);
  const fetched = await runProgram('uvx', ['pip-audit', ...args], rootDir);
  if (fetched.exitCode !== undefined) return pythonFindings(fetched);
  return { kind: 'unchecked', advisories: [], reason: 'neither pip-audit nor uvx is on the PATH' };
}
