import { confirm, isCancel } from '@clack/prompts';
import { provenanceText, requestText } from '../../features/trust/ask-text.ts';
import { findProvenance } from '../../features/trust/provenance.ts';
import type { TrustStore } from '../../features/trust/trust-store.ts';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import type { Candidate } from './candidate.ts';
import { shownHashLength } from './list-text.ts';

/** Shows each candidate with its provenance, asks unless everything is agreed to, and keeps what was allowed. */
export async function allowCandidates(
  { env, stdout }: CliContext,
  candidates: readonly Candidate[],
  { store, isAgreed }: { readonly store: TrustStore; readonly isAgreed: boolean },
): Promise<void> {
  let allowed = 0;
  for (const { subject, what, runs, file, isOf, permissions } of candidates) {
    const { project } = subject;
    const provenance = await findProvenance(file, { env, isOf, signal: new AbortController().signal });
    stdout.write(`${requestText({ what, runs, project, provenance, permissions })}\n\n`);
    if (!isAgreed) {
      const answer = await confirm({ message: 'Allow?', initialValue: false });
      if (isCancel(answer)) throw new CliError(`stopped; ${allowed} allowed`);
      if (!answer) continue;
    }
    const text = provenanceText(provenance, project);
    await store.allow(subject, { scope: 'always', by: 'cli', provenance: text });
    allowed += 1;
    stdout.write(`allowed ${subject.kind} ${subject.hash.slice(0, shownHashLength)}\n\n`);
  }
  stdout.write(`${allowed} of ${candidates.length} allowed\n`);
}
