import { Option, type Command } from 'commander';
import { userFolders } from '../platform/config/scopes/folders/user-folders.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { askCodex } from './codex/codex-program.ts';
import { ourHookStates } from './codex/our-hook-states.ts';
import type { CliContext } from './context.ts';
import { findInstance } from './instance/find-instance.ts';
import { chooseClients } from './init/choose-clients.ts';
import { chooseModel } from './init/choose-model.ts';
import type { InitOptions } from './init/init-options.ts';
import { carryOut } from './install/carry-out.ts';
import { readInstallRecord } from '../features/install/install-record.ts';
import { listStubs } from '../features/commands/stubs/list-stubs.ts';
import { codexConfigFile, planCodex } from './install/plan-codex.ts';
import { directions, planMigration } from './install/plan-migration.ts';
import { planClaude, planSdk } from './install/plan-others.ts';
import type { PlannedFile } from '../features/install/planned-file.ts';
import { keyVariable } from './instance/key-variable.ts';

/** `codex-plus init`: points the installed clients here, and shows each change before it is written. */
export function addInitCommand(program: Command, context: CliContext): void {
  program
    .command('init')
    .description('point Codex, Claude Code or the SDKs here; shows every change first')
    .option('-y, --yes', 'write without asking')
    .option('--url <url>', 'where the middleware is, or will be')
    .option('--model <name>', 'the model that Codex asks for; without it, yours stays where we can serve it')
    .option('--profile <name>', 'a profile of Codex instead of its configuration: codex -p <name>')
    .option('--claude', 'Claude Code as well')
    .option('--sdk', 'the variables of the SDKs as well, in the start file of your shell')
    .option('--no-codex', 'leave Codex as it is')
    .addOption(
      new Option(
        '--migrate <direction>',
        'copy commands, hooks and settings of this folder and yours',
      ).choices(directions),
    )
    .action(async (options: InitOptions) => {
      if (!context.isInteractive && options.yes !== true) {
        throw new CliError('nobody can be asked here: say --yes to write without asking', exitCodes.usage);
      }
      const { url } = await findInstance(context, options.url);
      const plan = await untilInterrupted(async () =>
        planFor(context, await chooseClients(context, options), url),
      );
      await carryOut(context, plan, options.yes === true);
    });
}

/** Nothing is written before the plan is there; whoever interrupts is told so. */
async function untilInterrupted<T>(work: () => Promise<T>): Promise<T> {
  const interrupted = Promise.withResolvers<never>();
  const interrupt = (): void => {
    interrupted.reject(new CliError('nothing was written'));
  };
  process.once('SIGINT', interrupt);
  try {
    return await Promise.race([work(), interrupted.promise]);
  } finally {
    process.off('SIGINT', interrupt);
  }
}

async function planFor(context: CliContext, options: InitOptions, url: string): Promise<PlannedFile[]> {
  const { home, env, cwd } = context;
  const record = readInstallRecord(home);
  const { codex, claude, sdk, migrate } = options;
  return [
    ...(codex ? await planForCodex(context, options, url) : []),
    ...(claude === true ? planClaude({ home, env, url }, record) : []),
    ...(sdk === true ? planSdk({ home, env, url }, record) : []),
    ...(migrate === undefined
      ? []
      : [...new Set([cwd, home])].flatMap((place) => planMigration(place, migrate))),
  ];
}

async function planForCodex(context: CliContext, options: InitOptions, url: string): Promise<PlannedFile[]> {
  const { home, env, cwd, stdout } = context;
  const codex = await askCodex({ cwd, env });
  if (codex === undefined) {
    throw new CliError('codex is not installed or does not run; install it, or say --no-codex');
  }
  stdout.write(`Codex ${codex.version}, ${loginText[codex.login]}; Codex-Plus at ${url}\n`);
  const user = userFolders(home, env);
  const withLogin = codex.login === 'chatgpt';
  const file = codexConfigFile(user.codex, options.profile);
  const record = readInstallRecord(home);
  const settings = {
    ...{ url, withLogin, profile: options.profile, codexHome: user.codex },
    model: withLogin ? options.model : await chooseModel(context, options, file),
    keyVariable: env[keyVariable] === undefined ? undefined : keyVariable,
    stubs: await listStubs(user, cwd),
  };
  const [config] = planCodex({ ...settings, hookStates: [] }, record);
  // Of a profile Codex tells nothing: it asks its user about the hooks when the profile is used.
  const isAsked = config !== undefined && options.profile === undefined;
  const hookStates = isAsked ? await ourHookStates(config.next, file, { cwd, env }) : [];
  return planCodex({ ...settings, hookStates }, record);
}

const loginText = {
  chatgpt: 'logged in with ChatGPT: its calls go to the ChatGPT backend',
  'api-key': 'logged in with an API key',
  none: 'not logged in, which it need not be',
} as const;
