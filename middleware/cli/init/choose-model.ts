import { isCancel, select } from '@clack/prompts';
import { readLitellmModels } from '../../platform/config/litellm-config.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { CodexToml } from '../install/codex-toml.ts';
import { readInstallRecord, type InstallRecord } from '../../features/install/install-record.ts';
import { readTextFile } from '../../platform/store/read-text-file.ts';
import { takeOutOfCodex } from '../install/take-out-of-codex.ts';
import type { InitOptions } from './init-options.ts';

/** The model that Codex is to ask for; `undefined` where the user's own is one that we serve. */
export async function chooseModel(
  context: CliContext,
  { model, yes }: InitOptions,
  file: string,
): Promise<string | undefined> {
  if (model !== undefined) return model;
  const { rootDir, env, isInteractive } = context;
  const { configFile } = loadConfig({ rootDir, env, isTerminal: false }).litellm;
  const { names } = readLitellmModels(readTextFile(configFile) ?? '');
  const [first] = names;
  const { own, current } = configuredModels(readInstallRecord(context.home), file);
  if ((own !== undefined && names.includes(own)) || first === undefined) return undefined;
  // Chosen before.
  if (current !== undefined && names.includes(current)) return current;
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
      own === undefined
        ? 'Which model is Codex to use?'
        : `${visibleLine(own, 100)} is not served here. Which model then?`,
    options: names.map((name) => ({ value: name, label: visibleLine(name, 100) })),
    initialValue: preferred,
  });
  if (isCancel(chosen)) throw new CliError('nothing was written');
  return chosen;
}

/** The model that Codex asks for now, and the user's own: without what we put there. */
function configuredModels(
  record: InstallRecord,
  file: string,
): { readonly own: string | undefined; readonly current: string | undefined } {
  const segments = record.files.find((known) => known.file === file)?.segments ?? [];
  const text = readTextFile(file) ?? '';
  return {
    own: new CodexToml(takeOutOfCodex(text, segments, file), file).topLevelString('model'),
    current: new CodexToml(text, file).topLevelString('model'),
  };
}
