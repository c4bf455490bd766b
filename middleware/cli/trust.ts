import type { Command } from 'commander';
import { redact } from '../platform/telemetry/redact.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { withProjectOptions, type ProjectOptions } from './config/project-options.ts';
import { readProject } from './config/read-project.ts';
import type { CliContext } from './context.ts';
import { printResult } from './print.ts';
import { allowCandidates } from './trust/allow-candidates.ts';
import { waitingOf, writtenIn } from './trust/choose-candidates.ts';
import { findCandidates } from './trust/find-candidates.ts';
import { trustListText } from './trust/list-text.ts';
import { openTrustStore } from './trust/open-trust-store.ts';
import { forget, recordsOf } from './trust/remove-records.ts';

interface AddOptions extends ProjectOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
}

/** `codex-plus trust list|add|remove`: what projects may run, and what waits to be allowed. */
export function addTrustCommand(program: Command, context: CliContext): void {
  const trust = program.command('trust').description('what projects may run, and what waits to be allowed');
  withProjectOptions(
    trust
      .command('list', { isDefault: true })
      .description('what was decided, and what waits in this project'),
  ).action((options: ProjectOptions) => list(context, options));
  trust
    .command('add')
    .description('show what waits in this project, and allow it')
    .argument('[file]', 'only what is written in this file')
    .option('--all', 'everything that waits')
    .option('-y, --yes', 'without asking')
    .option('--workspace <dir>', 'the project, instead of this folder')
    .action((file: string | undefined, options: AddOptions) => add(context, file, options));
  trust
    .command('remove')
    .description('forget what was decided, so that it is asked again')
    .argument('[hash]', 'as the list shows it')
    .option('--all', 'everything, of all projects')
    .action((hash: string | undefined, options: { readonly all?: boolean }) =>
      remove(context, hash, options),
    );
}

async function list(context: CliContext, options: ProjectOptions): Promise<void> {
  const snapshot = await readProject(context, options);
  const store = openTrustStore(context);
  const records = await store.list();
  const candidates = await waitingOf(await findCandidates(context, snapshot), store);
  // A list is looked at and kept; only who decides has to see everything.
  const waiting = candidates.map((candidate) => ({ ...candidate, runs: redact(candidate.runs) }));
  const { workspace } = snapshot;
  printResult(context, options, { workspace, records, waiting }, trustListText(records, waiting, snapshot));
}

async function add(context: CliContext, file: string | undefined, options: AddOptions): Promise<void> {
  const { isInteractive, cwd, stdout } = context;
  const { all, yes } = options;
  if (file !== undefined && all === true)
    throw new CliError('say a file or --all, not both', exitCodes.usage);
  const isNamed = file !== undefined || all === true;
  if (yes === true && !isNamed) throw new CliError('--yes needs a file or --all', exitCodes.usage);
  if (!isInteractive && yes !== true) {
    throw new CliError(
      'nobody can be asked here: read codex-plus trust list, then say --yes with a file or --all',
      exitCodes.usage,
    );
  }
  const project = await readProject(context, options);
  const candidates = await findCandidates(context, project);
  const store = openTrustStore(context);
  const chosen = await (file === undefined
    ? waitingOf(candidates, store)
    : writtenIn(file, candidates, { cwd, workspace: project.workspace, store }));
  if (chosen.length === 0) stdout.write('nothing waits for trust here\n');
  else await allowCandidates(context, chosen, { store, isAgreed: yes === true });
}

async function remove(
  context: CliContext,
  hash: string | undefined,
  { all }: { readonly all?: boolean },
): Promise<void> {
  if ((hash === undefined) === (all !== true)) throw new CliError('say a hash, or --all', exitCodes.usage);
  const store = openTrustStore(context);
  const records = await store.list();
  const count = await forget(hash === undefined ? records : recordsOf(hash, records), store);
  context.stdout.write(`forgot ${count} ${count === 1 ? 'decision' : 'decisions'}\n`);
}
