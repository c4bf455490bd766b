import { join } from 'node:path';
import { isCancel, multiselect, select } from '@clack/prompts';
import { Option, type Command } from 'commander';
import { readLitellmModels } from '../platform/config/litellm-config.ts';
import { loadConfig } from '../platform/config/load-config.ts';
import { userFolders } from '../platform/config/scopes/user-folders.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { askCodex } from './codex/codex-program.ts';
import { ourHookStates } from './codex/our-hook-states.ts';
import type { CliContext } from './context.ts';
import { findInstance } from './find-instance.ts';
import { applyPlan } from './install/apply-plan.ts';
import { carryOut } from './install/carry-out.ts';
import { CodexToml } from './install/codex-toml.ts';
import { readInstallRecord, type InstallRecord } from './install/install-record.ts';
import { listStubs } from './install/list-stubs.ts';
import { codexConfigFile, planCodex } from './install/plan-codex.ts';
import { directions, planMigration, type Direction } from './install/plan-migration.ts';
import { planClaude, planSdk } from './install/plan-others.ts';
import { changes, type PlannedFile } from './install/planned-file.ts';
import { readTextFile } from './install/read-text-file.ts';
import { undoSegments } from './install/text-segments.ts';
import { keyVariable } from './run.ts';

interface InitOptions {
  readonly yes?: boolean;
  readonly url?: string;
  readonly model?: string;
  readonly profile?: string;
  readonly claude?: boolean;
  readonly sdk?: boolean;
  readonly codex: boolean;
  readonly migrate?: Direction;
}

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
      const wanted = await askWhatIsMissing(context, options);
      const plan = await planFor(context, wanted, url);
      await carryOut(context, plan, options.yes === true);
      // Codex tells the hashes of our hooks only when they stand in its configuration.
      if (wanted.codex && plan.some(changes)) applyPlan(context.home, await planFor(context, wanted, url));
    });
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

/** Asks a person which clients are meant, where the call does not say. */
async function askWhatIsMissing(context: CliContext, options: InitOptions): Promise<InitOptions> {
  const { yes, codex, claude, sdk } = options;
  if (!context.isInteractive || yes === true || !codex || claude !== undefined || sdk !== undefined)
    return options;
  const chosen = await multiselect({
    message: 'Which clients are to use Codex-Plus?',
    options: [
      { value: 'codex', label: 'Codex CLI' },
      { value: 'claude', label: 'Claude Code' },
      { value: 'sdk', label: 'OpenAI and Anthropic SDKs, by variables in the start file of your shell' },
    ],
    initialValues: ['codex'],
  });
  if (isCancel(chosen)) throw new CliError('nothing was written');
  const migrate = options.migrate ?? (await askForMigration(context));
  return {
    ...options,
    codex: chosen.includes('codex'),
    claude: chosen.includes('claude'),
    sdk: chosen.includes('sdk'),
    ...(migrate === undefined ? {} : { migrate }),
  };
}

/** Offers to copy what one layout has and the other has not. */
async function askForMigration({ cwd, home }: CliContext): Promise<Direction | undefined> {
  const offers = directions
    .map((direction) => ({
      direction,
      count: [...new Set([cwd, home])].flatMap((place) => planMigration(place, direction)).length,
    }))
    .filter(({ count }) => count > 0);
  if (offers.length === 0) return undefined;
  const chosen = await select({
    message: 'Commands, hooks and settings can be copied between .claude and .codex. Codex-Plus reads both.',
    options: [
      { value: 'no', label: 'Leave them as they are' },
      ...offers.map(({ direction, count }) => ({ value: direction, label: `${direction} (${count} files)` })),
    ],
  });
  if (isCancel(chosen)) throw new CliError('nothing was written');
  return directions.find((direction) => direction === chosen);
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
  const model = withLogin ? options.model : await chooseModel(context, options, user.codex);
  return planCodex(
    {
      ...{ url, withLogin, model, profile: options.profile, codexHome: user.codex },
      keyVariable: env[keyVariable] === undefined ? undefined : keyVariable,
      hookStates: await ourHookStates(codexConfigFile(user.codex, options.profile), { cwd, env }),
      stubs: await listStubs(user, cwd),
    },
    readInstallRecord(home),
  );
}

const loginText = {
  chatgpt: 'logged in with ChatGPT: its calls go to the ChatGPT backend',
  'api-key': 'logged in with an API key',
  none: 'not logged in, which it need not be',
} as const;

/** The model that Codex is to ask for; `undefined` where the user's own is one that we serve. */
async function chooseModel(
  context: CliContext,
  { model, yes }: InitOptions,
  codexHome: string,
): Promise<string | undefined> {
  if (model !== undefined) return model;
  const { rootDir, env, isInteractive } = context;
  const { configFile } = loadConfig({ rootDir, env, isTerminal: false }).litellm;
  const { names } = readLitellmModels(readTextFile(configFile) ?? '');
  const [first] = names;
  const own = ownModel(readInstallRecord(context.home), codexHome);
  if ((own !== undefined && names.includes(own)) || first === undefined) return undefined;
  const preferred = names.includes('gpt-5') ? 'gpt-5' : first;
  return isInteractive && yes !== true ? askForModel(own, names, preferred) : preferred;
}

async function askForModel(
  own: string | undefined,
  names: readonly string[],
  preferred: string,
): Promise<string> {
  const chosen = await select({
    message:
      own === undefined ? 'Which model is Codex to use?' : `${own} is not served here. Which model then?`,
    options: names.map((name) => ({ value: name, label: name })),
    initialValue: preferred,
  });
  if (isCancel(chosen)) throw new CliError('nothing was written');
  return chosen;
}

/** The model in the user's own configuration, without what we put there. */
function ownModel(record: InstallRecord, codexHome: string): string | undefined {
  const file = join(codexHome, 'config.toml');
  const segments = record.files.find((known) => known.file === file)?.segments ?? [];
  const { text } = undoSegments(readTextFile(file) ?? '', segments);
  return new CodexToml(text, file).topLevelString('model');
}
