import { join } from 'node:path';
import { audit } from './audit.ts';
import { checkLicences } from './check-licences.ts';
import { writeLicences } from './write-licences.ts';
import { writeSbom } from './write-sbom.ts';

// scripts/supply-chain.mjs runs this file with the pinned Node; docs/supply-chain.md says what each is for.
const rootDir = join(import.meta.dirname, '..', '..');
const [command = '', ...rest] = process.argv.slice(2);

const commands: Readonly<Record<string, () => Promise<void> | void>> = {
  'check-licences': () => {
    const faults = checkLicences(rootDir);
    if (faults !== undefined) throw new Error(faults);
  },
  'write-licences': () => {
    console.log(writeLicences(rootDir, rest));
  },
  sbom: async () => {
    const [folder = join(rootDir, '.state', 'sbom')] = rest;
    for (const file of await writeSbom(rootDir, folder)) console.log(file);
  },
  audit: async () => {
    const { lines, found } = await audit(rootDir);
    for (const line of lines) console.log(line);
    if (found) process.exitCode = 1;
  },
};

try {
  const run = commands[command];
  if (run === undefined)
    throw new Error(`no such command: ${command}; there are ${Object.keys(commands).join(', ')}`);
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
