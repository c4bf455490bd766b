import { confirm, isCancel } from '@clack/prompts';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { counted } from '../output/counted.ts';
import { applyPlan } from '../../features/install/apply-plan.ts';
import { changes, type PlannedFile } from '../../features/install/planned-file.ts';
import { diffOf } from './edited-file.ts';

/** Shows what a plan changes, asks, and writes it; says so when there is nothing to change. */
export async function carryOut(
  { home, stdout }: CliContext,
  plan: readonly PlannedFile[],
  isAgreed: boolean,
): Promise<void> {
  const changed = plan.filter(changes);
  if (changed.length === 0) {
    stdout.write('everything is as it should be; nothing was written\n');
    return;
  }
  for (const file of changed)
    stdout.write(`${isNewAndOurs(file) ? `new file ${file.file}` : diffOf(file)}\n`);
  if (!isAgreed) {
    const answer = await confirm({ message: `Write ${counted(changed.length, 'file')}?` });
    if (isCancel(answer) || !answer) throw new CliError('nothing was written');
  }
  // Each as it is written: where one fails, the lines above say what is there.
  applyPlan(home, plan, (file) => stdout.write(`wrote ${file}\n`));
  stdout.write('codex-plus uninstall takes it back\n');
}

/** A file of ours has nothing of the user's to look after: its name says enough. */
function isNewAndOurs({ now, segments }: PlannedFile): boolean {
  return now === undefined && segments.length === 0;
}
