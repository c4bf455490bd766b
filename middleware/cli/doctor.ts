import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import { visibleLine } from '../kernel/visible-text.ts';
import { redact } from '../platform/telemetry/redact.ts';
import { CliError, exitCodes } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { checkAll } from './doctor/check-all.ts';
import { counted } from './output/counted.ts';
import { createActions } from './doctor/create-actions.ts';
import type { Fault, Finding } from './doctor/finding.ts';
import { gatherFacts } from './doctor/gather/gather-facts.ts';
import { printResult } from './print.ts';

interface DoctorOptions {
  readonly json?: boolean;
  readonly fix?: boolean;
  readonly yes?: boolean;
}

/** `codex-plus doctor`: finds what keeps clients from working here, and says what to do. Exit code 1 with a problem. */
export function addDoctorCommand(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('find what is wrong with the set-up, and say what to do')
    .option('--fix', 'do what is safe, after a question each')
    .option('-y, --yes', 'with --fix: without the questions')
    .option('--json', 'print JSON')
    .action(async (options: DoctorOptions) => {
      if (options.fix === true && options.yes !== true && (!context.isInteractive || options.json === true)) {
        throw new CliError('nobody can be asked here: say --fix --yes', exitCodes.usage);
      }
      let findings = await examine(context);
      if (options.fix === true && (await applyFixes(context, findings, options)))
        findings = await examine(context);
      const problems = findings.filter(({ level }) => level === 'problem').length;
      printResult(context, options, { problems, findings: findings.map(plain) }, textOf(findings, options));
      if (problems > 0) throw new CliError('');
    });
}

async function examine(context: CliContext): Promise<Finding[]> {
  return checkAll(await gatherFacts(context), createActions(context));
}

/** Resolves with whether anything was done. */
async function applyFixes(
  { stderr }: CliContext,
  findings: readonly Finding[],
  { yes }: DoctorOptions,
): Promise<boolean> {
  let isChanged = false;
  for (const finding of findings) {
    if (finding.level === 'ok' || finding.fix === undefined) continue;
    const { what, fix } = finding;
    if (yes !== true) {
      const answer = await confirm({ message: `${visibleLine(redact(what), 500)}. May I ${fix.describe}?` });
      if (isCancel(answer)) break;
      if (!answer) continue;
    }
    isChanged = true;
    try {
      await fix.apply();
      stderr.write(`done: ${fix.describe}\n`);
    } catch (error) {
      stderr.write(`not done: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  return isChanged;
}

/** For a program: what a fix would do is told, and nothing that looks like a secret. */
function plain(finding: Finding): Record<string, string> {
  const { id, level, what } = finding;
  if (level === 'ok') return { id, level, what: redact(what) };
  const { where, todo, fix } = finding;
  return {
    ...{ id, level, what: redact(what) },
    ...(where === undefined ? {} : { where: redact(where) }),
    todo: redact(todo),
    ...(fix === undefined ? {} : { fix: fix.describe }),
  };
}

function textOf(findings: readonly Finding[], { fix: isFixing }: DoctorOptions): string {
  const faults = findings.filter((finding) => finding.level !== 'ok');
  const count = (level: Fault['level']): number => faults.filter((fault) => fault.level === level).length;
  const canBeTold = isFixing !== true && faults.some(({ fix }) => fix !== undefined);
  return [
    ...findings.flatMap(linesOf),
    '',
    faults.length === 0
      ? 'all is well'
      : `${counted(count('problem'), 'problem')}, ${counted(count('warning'), 'warning')}`,
    ...(canBeTold ? ['codex-plus doctor --fix does what is marked with *, after a question each'] : []),
  ].join('\n');
}

function linesOf(finding: Finding): string[] {
  if (finding.level === 'ok') return [`✔ ${redact(finding.what)}`];
  const { level, what, where, todo, fix } = finding;
  const place = where === undefined ? '' : ` (${where})`;
  return [
    redact(`${level === 'problem' ? '✘' : '!'} ${what}${place}`),
    redact(`  ${fix === undefined ? '→' : '*'} ${todo}`),
  ];
}
