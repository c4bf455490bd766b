import { isCancel, select } from '@clack/prompts';
import type { Config } from '../../platform/config/config.ts';
import { readLitellmModels, type LitellmModels } from '../../platform/config/litellm-config.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { servedModel, servedNames } from '../../protocol/app-server/served-models.ts';
import { entriesOf, servedBy, servedOfLitellm } from '../../upstreams/provider/served-by.ts';
import { listedModels, noSuchModel } from '../../upstreams/route/no-such-model.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { CodexToml } from '../install/codex-toml.ts';
import { readInstallRecord, type InstallRecord } from '../../features/install/install-record.ts';
import { readTextFile } from '../../platform/store/read-text-file.ts';
import { takeOutOfCodex } from '../install/take-out-of-codex.ts';
import type { InitOptions } from './init-options.ts';

/** The model that Codex is to ask for; `undefined` where the user's own is one that we serve. */
export async function chooseModel(
  context: CliContext,
  { model, yes, url }: InitOptions,
  file: string,
): Promise<string | undefined> {
  const { rootDir, env, isInteractive } = context;
  const config = loadConfig({ rootDir, env, isTerminal: false });
  const litellm = readLitellmModels(readTextFile(config.litellm.configFile) ?? '');
  if (model !== undefined) {
    // What another one serves is not known here.
    if (url === undefined) requireServed(model, config, litellm);
    return model;
  }
  const names = servedOfLitellm({ providers: config.providers, litellm }, config.litellm.mode !== 'off');
  const [first] = names;
  const { own, current } = configuredModels(readInstallRecord(context.home), file);
  if ((own !== undefined && names.includes(own)) || first === undefined) return undefined;
  // Chosen before.
  if (current !== undefined && names.includes(current)) return current;
  const preferred = names.includes('gpt-5') ? 'gpt-5' : first;
  return isInteractive && yes !== true ? askForModel(own, names, preferred) : preferred;
}

/** Throws for a name that nobody would answer for. Of a LiteLLM that others run, not all names are known. */
function requireServed(
  model: string,
  { litellm: { mode }, codex, providers }: Config,
  litellm: LitellmModels,
): void {
  const ofOthers = [
    ...providers.flatMap(({ models = {} }) => Object.keys(models)),
    ...(codex.enabled ? servedNames(codex.listedAs) : []),
  ];
  const isOfCodex = codex.enabled && servedModel(model) !== undefined;
  if (isOfCodex || ofOthers.includes(model)) return;
  const entries = entriesOf(model, litellm);
  const served = { providers, litellm };
  const isAnswered =
    mode === 'off'
      ? servedBy(model, { ...served, env: {} }).length > 0
      : mode === 'external' || litellm.isOpen || entries.some((entry) => entry.unknownProvider === undefined);
  if (isAnswered) return;
  const [unknown] = entries.flatMap(({ unknownProvider }) => unknownProvider ?? []);
  const names = [...servedOfLitellm(served, mode !== 'off'), ...ofOthers];
  throw new CliError(
    unknown === undefined || mode === 'off'
      ? noSuchModel(model, names)
      : `nothing answers for "${model}": LiteLLM knows no provider "${unknown}", see codex-plus litellm check${listedModels(names)}`,
    exitCodes.usage,
  );
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
