import { Option, type Command } from 'commander';
import { labelOf } from '../features/hooks/config/hook-entry.ts';
import type { HookEvent } from '../features/hooks/hook-event.ts';
import { hooksInOrder } from '../features/hooks/run/hooks-in-order.ts';
import { visibleLine } from '../kernel/visible-text.ts';
import type { JsonObject } from '../kernel/json-object.ts';
import { enabledHooks } from '../features/hooks/config/enabled-hooks.ts';
import { CliError } from './cli-error.ts';
import { withProjectOptions, type ProjectOptions } from './config/project-options.ts';
import { readProject } from './config/read-project.ts';
import type { CliContext } from './context.ts';
import { shortPath } from './config/short-path.ts';
import { addHook } from './hooks/add-hook.ts';
import { askForUntrusted } from './hooks/allow-untrusted.ts';
import { removeHook } from '../features/hooks/edit/edit-hooks.ts';
import { eventArgument, numberArgument, objectArgument, secondsArgument } from './hooks/hook-arguments.ts';
import { createHookWorld } from './hooks/hook-world.ts';
import { hookListJson } from './hooks/list-json.ts';
import { listHooks } from './hooks/list-hooks.ts';
import { hookListText } from './hooks/list-text.ts';
import { writableScopes, type WritableScope } from '../features/hooks/edit/settings-file.ts';
import { planHookTest, runHookTest, sampleSessionId, withoutUntrusted } from './hooks/test-hooks.ts';
import { hookTestJson, hookTestText } from './hooks/test-text.ts';
import { untilInterrupted } from './hooks/until-interrupted.ts';
import { printResult } from './print.ts';
import { openTrustStore } from './trust/open-trust-store.ts';

interface TestOptions extends ProjectOptions {
  readonly tool?: string;
  readonly input?: JsonObject;
  readonly only?: number;
  readonly allowUntrusted?: boolean;
}

interface AddOptions {
  readonly matcher?: string;
  readonly timeout?: number;
  readonly scope: WritableScope;
  readonly workspace?: string;
}

/** `codex-plus hooks list|test|add|remove`: what is configured, what it does on a sample input, one more or less of it. */
export function addHooksCommand(program: Command, context: CliContext): void {
  const hooks = program.command('hooks').description('the configured hooks: list, test, add, remove');
  withProjectOptions(hooks.command('list').description('every hook with its file')).action(
    async (options: ProjectOptions) => {
      const project = await readProject(context, options);
      const found = await listHooks(project, openTrustStore(context), context.env);
      printResult(context, options, hookListJson(project.workspace, found), hookListText(found, project));
    },
  );
  withProjectOptions(
    hooks
      .command('test')
      .description('run the hooks of an event on a sample input; 1 when one fails or none runs')
      .argument('<event>', 'PreToolUse, Stop …', eventArgument),
  )
    .option('--tool <name>', 'the tool of a tool event; Bash otherwise')
    .option(
      '--input <json>',
      'what the tool is called with; of other events, fields of the input',
      objectArgument,
    )
    .option('--only <number>', 'one hook of the list', numberArgument)
    .option('--allow-untrusted', 'ask whether hooks that wait for trust may run this once')
    .action((event: HookEvent, options: TestOptions) => test(context, event, options));
  hooks
    .command('add')
    .description('write a hook into a settings file')
    .argument('<event>', 'PreToolUse, Stop …', eventArgument)
    .argument('<command>', 'a line for the shell, as one argument')
    .option('--matcher <matcher>', 'which tools it is for: Bash, Edit|Write')
    .option('--timeout <seconds>', 'its time limit', secondsArgument)
    .addOption(new Option('--scope <scope>', 'whose file').choices(writableScopes).default('user'))
    .option('--workspace <dir>', 'the project, instead of this folder')
    .action(async (event: HookEvent, command: string, options: AddOptions) => {
      const { scope, matcher, timeout: timeoutSeconds } = options;
      const project = await readProject(context, options);
      addHook(context, { event, command, matcher, timeoutSeconds }, { scope, project });
    });
  hooks
    .command('remove')
    .description('take a hook out of its settings file')
    .argument('<number>', 'as the list shows it', numberArgument)
    .option('--workspace <dir>', 'the project, instead of this folder')
    .action((number: number, options: Pick<AddOptions, 'workspace'>) => remove(context, number, options));
}

async function remove(
  context: CliContext,
  number: number,
  options: Pick<AddOptions, 'workspace'>,
): Promise<void> {
  const project = await readProject(context, options);
  const entry = hooksInOrder(enabledHooks(project).entries)[number - 1];
  if (entry === undefined) throw new CliError(`there is no hook ${number}; codex-plus hooks list shows them`);
  removeHook(entry);
  const name = `${entry.event} ${visibleLine(labelOf(entry.handler), 200)}`;
  context.stdout.write(`removed ${name} from ${shortPath(entry.source.file, project)}\n`);
}

async function test(context: CliContext, event: HookEvent, options: TestOptions): Promise<void> {
  const { tool, input, only, allowUntrusted } = options;
  const project = await readProject(context, options);
  const { hooks } = await listHooks(project, openTrustStore(context), context.env);
  const all = planHookTest(event, hooks, { project, tool, input, only });
  if (allowUntrusted === true) await askForUntrusted(context, all, project);
  const plan = allowUntrusted === true ? all : withoutUntrusted(all);
  const world = createHookWorld(context, project, sampleSessionId);
  const tested = await untilInterrupted((signal) => runHookTest(plan, { ...world, project, signal }));
  printResult(context, options, hookTestJson(plan, tested), hookTestText(plan, tested, project));
  if (tested.length === 0) throw new CliError('no hook was run');
  const failed = tested.filter(
    ({ trial: { run } }) => run.outcome === 'error' || run.outcome === 'cancelled',
  );
  if (failed.length > 0) throw new CliError(`${failed.length} of ${tested.length} hooks failed`);
}
