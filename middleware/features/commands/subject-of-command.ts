import type { Command } from './command.ts';
import { needsTrust } from '../trust/needs-trust.ts';
import { commandSubject, scriptSubject } from '../trust/subjects.ts';
import type { TrustSubject } from '../trust/trust-record.ts';

/** What has to be trusted before anything of a command's file runs; `undefined` where nobody has to be asked. */
export function subjectOfCommand(
  { kind, source, contentHash }: Pick<Command, 'kind' | 'source' | 'contentHash'>,
  project: string,
): TrustSubject | undefined {
  if (!needsTrust(source)) return undefined;
  const isScript = kind === 'javascript' || kind === 'python';
  return isScript ? scriptSubject(project, contentHash) : commandSubject(project, contentHash);
}
