import { licenceFaults } from './licence-faults.ts';
import { licenceRules } from './licence-rules.ts';
import { licencesFile, readLocks } from './locks.ts';

/** What is wrong with the licences of all that is locked, and what to do; `undefined` when all may be used. */
export function checkLicences(rootDir: string): string | undefined {
  const { npm, python } = readLocks(rootDir);
  const faults = [
    ...licenceFaults(npm, licenceRules).map((fault) => `package-lock.json: ${fault}`),
    ...licenceFaults(python, licenceRules).map((fault) => `litellm: ${fault}`),
  ];
  const names = new Set([...npm, ...python].map(({ name }) => name));
  for (const name of Object.keys(licenceRules.exceptions))
    if (!names.has(name)) faults.push(`licence-rules.ts: the exception for ${name} is needed no more`);
  if (faults.length === 0) return undefined;
  return [
    ...faults,
    `Which licences may be used, and the exceptions, are in scripts/supply-chain/licence-rules.ts; ${licencesFile}`,
    'is written by "npm run licences" from what LiteLLM\'s virtual environment has installed (docs/supply-chain.md).',
  ].join('\n');
}
