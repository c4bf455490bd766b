import type { Command } from 'commander';
import { isJsonObject, objectIn } from '../kernel/json-object.ts';
import { visibleLine } from '../kernel/visible-text.ts';
import { valueOf } from '../platform/config/environment.ts';
import { CliError, exitCodes } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { findInstance } from './instance/find-instance.ts';
import { litellmStateText } from './instance/litellm-state-text.ts';
import { keyVariable } from './instance/key-variable.ts';
import { printResult, table } from './print.ts';

interface Fact {
  readonly value: unknown;
  readonly source: string;
}

/** An entry of `GET /v1/models?details`. */
interface ModelDetails {
  readonly id: string;
  readonly provider: string | null;
  readonly context_tokens: Fact;
  readonly max_output_tokens: Fact;
  readonly takes_images: Fact;
  readonly efforts: Fact;
}

const askTimeoutMs = 5_000;

/** `codex-plus models`: what clients may ask for, what is known of each model, and by whom. Exit code 3 when nothing runs. */
export function addModelsCommand(program: Command, context: CliContext): void {
  program
    .command('models')
    .description('list the models, what they take, and who says so')
    .option('--url <url>', 'ask the middleware at this address')
    .option('--json', 'print JSON')
    .action(async (options: { readonly url?: string; readonly json?: boolean }) => {
      const { url, health } = await findInstance(context, options.url);
      if (health === undefined)
        throw new CliError(
          `nothing answers at ${url}; start it with: codex-plus start`,
          exitCodes.notRunning,
        );
      const models = await askModels(url, valueOf(context.env, keyVariable));
      printResult(
        context,
        options,
        models,
        [modelsText(models), ...notReady(health.litellm.state)].join('\n'),
      );
    });
}

async function askModels(url: string, key: string | undefined): Promise<readonly ModelDetails[]> {
  const answer = await fetch(`${url}/v1/models?details`, {
    headers: key === undefined ? {} : { 'x-codex-plus-key': key },
    signal: AbortSignal.timeout(askTimeoutMs),
  });
  if (answer.status === 401) {
    const what = key === undefined ? `set ${keyVariable} to one` : `that in ${keyVariable} is none`;
    throw new CliError(`what answers at ${url} asks for one of its keys (server.apiKeys): ${what}`);
  }
  const body: unknown = await answer.json().catch(() => undefined);
  const { data } = objectIn(body);
  if (!answer.ok || !Array.isArray(data) || !data.every(isDetailed))
    throw new CliError(`what answers at ${url} does not tell of its models (status ${answer.status})`);
  return data;
}

/** An older one lists the names alone. */
function isDetailed(entry: unknown): entry is ModelDetails {
  return isJsonObject(entry) && isJsonObject(entry['context_tokens']);
}

const marks: Readonly<Record<string, string>> = { configured: '', litellm: '*', assumed: '?' };

function modelsText(models: readonly ModelDetails[]): string {
  const rows = models.map(({ id, provider, ...facts }) => [
    ...[
      visibleLine(id, 100),
      provider ?? 'unknown',
      told(facts.context_tokens),
      told(facts.max_output_tokens),
    ],
    ...[told(facts.takes_images), told(facts.efforts)],
  ]);
  return [
    table([['MODEL', 'PROVIDER', 'CONTEXT', 'OUTPUT', 'IMAGES', 'EFFORTS'], ...rows]),
    '',
    "* from LiteLLM's list of models; ? assumed, as nobody says; without a sign: from model_info in litellm_config.yaml",
  ].join('\n');
}

/** What is assumed of models may be known in a while. */
function notReady(state: string): readonly string[] {
  if (state === 'ready' || state === 'reloading') return [];
  return [`LiteLLM is not ready (${litellmStateText(state)}): what it never told of a model is assumed`];
}

function told({ value, source }: Fact): string {
  return `${wordsOf(value)}${marks[source] ?? ''}`;
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? String(value) : 'unknown';
}
