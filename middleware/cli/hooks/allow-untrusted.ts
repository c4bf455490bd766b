import { confirm, isCancel } from '@clack/prompts';
import { requestText } from '../../features/trust/ask-text.ts';
import { findProvenance } from '../../features/trust/provenance.ts';
import { holdsTexts, textsIn } from '../../features/trust/holds-texts.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { describeHook } from '../trust/hook-candidates.ts';
import { trustReason } from './skip-reason.ts';
import type { HookTestPlan } from './test-hooks.ts';

/** Shows the hooks of a plan that wait for trust, and asks whether this one test may run them. Throws a CliError for a no. */
export async function askForUntrusted(
  { isInteractive, env, stdout }: CliContext,
  { hooks }: HookTestPlan,
  { workspace: project }: ProjectSnapshot,
): Promise<void> {
  const waiting = hooks.filter((hook) => trustReason(hook) !== undefined);
  if (waiting.length === 0) return;
  if (!isInteractive) {
    throw new CliError('nobody can be asked here: allow it first with codex-plus trust add', exitCodes.usage);
  }
  for (const { entry } of waiting) {
    const signal = new AbortController().signal;
    const provenance = await findProvenance(entry.source.file, {
      ...{ env, signal },
      isOf: holdsTexts(textsIn({ ...entry.handler, kind: undefined })),
    });
    stdout.write(`${requestText({ ...describeHook(entry), project, provenance })}\n\n`);
  }
  const answer = await confirm({ message: 'Run it, for this test only?', initialValue: false });
  if (isCancel(answer) || !answer) throw new CliError('nothing was run');
}
