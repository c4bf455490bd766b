import { dirname } from 'node:path';
import { isCancel, multiselect, select } from '@clack/prompts';
import { userFolders } from '../../platform/config/scopes/folders/user-folders.ts';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { counted } from '../output/counted.ts';
import { readInstallRecord } from '../../features/install/install-record.ts';
import { directions, planMigration, type Direction } from '../install/plan-migration.ts';
import { claudeSettingsFile, shellStartFile } from '../install/plan-others.ts';
import type { InitOptions } from './init-options.ts';

/** Asks a person which clients are meant, where neither the call nor an earlier one says. */
export async function chooseClients(context: CliContext, options: InitOptions): Promise<InitOptions> {
  const { yes, codex, claude, sdk, migrate: asked } = options;
  if (!context.isInteractive || yes === true || !codex || claude !== undefined || sdk !== undefined)
    return options;
  const installed = installedClients(context);
  if (installed !== undefined || asked !== undefined) return { ...options, ...installed };
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
  const migrate = await askForMigration(context);
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
      ...offers.map(({ direction, count }) => ({
        value: direction,
        label: `${direction} (${counted(count, 'file')})`,
      })),
    ],
  });
  if (isCancel(chosen)) throw new CliError('nothing was written');
  return directions.find((direction) => direction === chosen);
}

/** What an earlier `init` pointed here; `undefined` when there was none. */
function installedClients({
  home,
  env,
}: CliContext): Pick<InitOptions, 'codex' | 'claude' | 'sdk'> | undefined {
  const files = new Set(readInstallRecord(home).files.map(({ file }) => file));
  if (files.size === 0) return undefined;
  const codexHome = userFolders(home, env).codex;
  return {
    codex: [...files].some((file) => dirname(file) === codexHome && file.endsWith('config.toml')),
    claude: files.has(claudeSettingsFile(home, env)),
    sdk: files.has(shellStartFile(home, env)),
  };
}
