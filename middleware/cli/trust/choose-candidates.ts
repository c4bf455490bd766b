import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import type { TrustStore } from '../../features/trust/trust-store.ts';
import { CliError } from '../cli-error.ts';
import type { Candidate } from './candidate.ts';

/** The candidates that nobody has decided about. */
export async function waitingOf(
  candidates: readonly Candidate[],
  store: TrustStore,
): Promise<readonly Candidate[]> {
  const decisions = await Promise.all(candidates.map(({ subject }) => store.decisionOn(subject)));
  return candidates.filter((_candidate, index) => decisions[index] === undefined);
}

interface WrittenInPlace {
  readonly cwd: string;
  readonly workspace: string;
  readonly store: TrustStore;
}

/**
 * What is written in one file and not allowed yet, also what somebody said no to. Throws a CliError where there is
 * nothing.
 */
export async function writtenIn(
  file: string,
  candidates: readonly Candidate[],
  { cwd, workspace, store }: WrittenInPlace,
): Promise<readonly Candidate[]> {
  // The list and our answers name files as seen from the project.
  const paths = [cwd, workspace].map((folder) => realPathOf(resolve(folder, file)));
  const inFile = candidates.filter((candidate) => paths.includes(realPathOf(candidate.file)));
  if (inFile.length === 0) {
    const files = [...new Set(candidates.map((candidate) => candidate.file))];
    const others =
      files.length === 0
        ? `nothing in ${pathText(workspace)} does; --workspace names another project`
        : `these do: ${files.map(pathText).join(', ')}`;
    throw new CliError(`${pathText(paths[0] ?? file)} has nothing in it that needs trust here; ${others}`);
  }
  const decisions = await Promise.all(inFile.map(({ subject }) => store.decisionOn(subject)));
  return inFile.filter((_candidate, index) => decisions[index] !== 'allowed');
}

/** In one line: a name with a line end in it could be taken for another message. */
function pathText(path: string): string {
  return visibleLine(path, 300);
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return path;
  }
}
