import type { Command } from 'commander';
import { CliError, exitCodes } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { visibleLine } from '../kernel/visible-text.ts';
import { failingText } from './instance/failing-text.ts';
import { findInstance, type Health } from './instance/find-instance.ts';
import { otherThatRuns } from './instance/other-that-runs.ts';
import { keyVariable } from './instance/key-variable.ts';
import { litellmStateText } from './instance/litellm-state-text.ts';
import { counted } from './output/counted.ts';
import { printResult, table } from './print.ts';

/** `codex-plus status`: what runs, and how it is. Exit code 3 when nothing runs, 1 when it cannot answer model calls. */
export function addStatusCommand(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('show what runs, and how it is')
    .option('--url <url>', 'ask the middleware at this address')
    .option('--api', 'ask codex-plus api, and not the two tiers')
    .option('--json', 'print JSON')
    .action(async (options: StatusOptions) => {
      const { api: isApi = false } = options;
      const { url, health } = await findInstance(context, options.url, isApi);
      if (health === undefined) {
        printResult(context, options, { url, running: false }, '');
        const other =
          options.url === undefined ? await otherThatRuns(context, { command: 'status', isApi }) : '';
        throw new CliError(
          `nothing answers at ${url}; start it with: codex-plus ${isApi ? 'api' : 'start'}${other}`,
          exitCodes.notRunning,
        );
      }
      printResult(context, options, { url, running: true, ...health }, statusText(url, health, isApi));
      if (health.status !== 'ok') throw new CliError(health.reason ?? health.status);
    });
}

interface StatusOptions {
  readonly url?: string;
  readonly api?: boolean;
  readonly json?: boolean;
}

function statusText(url: string, health: Health, isApi: boolean): string {
  const { litellm, models = litellm.models, codex, clients, failing = [] } = health;
  const state = isApi ? health.status : stateOf(health);
  return table([
    ['codex-plus', `${state}, version ${health.version}, pid ${health.pid}, up ${health.uptimeSeconds} s`],
    ['address', url],
    // `codex-plus api` has Codex, and nothing else that calls could go to.
    ...(isApi ? [] : litellmRows(health)),
    [
      'models',
      models === undefined ? `told to callers with a key (${keyVariable})` : models.join(', ') || 'none',
    ],
    ...(codex === undefined ? [] : [['codex', codexText(codex.workers)]]),
    ...(isApi ? [] : otherRows(health)),
    ['clients', clients.map(clientText).join(', ') || 'none seen yet'],
    ...failing.map((one) => ['failing', `${visibleLine(one.model, 100)}: ${failingText(one)}`]),
    ...(litellm.warnings ?? []).map((warning) => ['warning', warning]),
  ]);
}

function litellmRows({ litellm }: Health): readonly string[][] {
  const state = [litellmStateText(litellm.state), litellm.url, litellm.reason].filter(
    (part) => part !== undefined,
  );
  return [['litellm', `${state.join(', ')}; breaker ${litellm.breaker}`]];
}

function otherRows({ chatgpt, providers }: Health): readonly string[][] {
  const fallback = providers.map(({ name, hasKey }) => (hasKey ? name : `${name} (no key)`));
  return [
    ['chatgpt', chatgpt.enabled ? `on, transport ${chatgpt.transport}` : 'off'],
    ['fallback', fallback.join(', ') || 'none'],
  ];
}

/** Where calls can be answered, and not as they are meant to be: the providers are called themselves. */
function stateOf({ status, litellm: { state } }: Health): string {
  return status === 'ok' && state !== 'ready' && state !== 'reloading' ? 'ok, but without LiteLLM' : status;
}

function codexText(workers: NonNullable<Health['codex']>['workers']): string {
  if (workers.length === 0) return 'a worker is started with the first call';
  const running = workers.reduce((sum, worker) => sum + worker.running, 0);
  const bytes = workers.reduce((sum, { residentBytes = 0 }) => sum + residentBytes, 0);
  const memory = bytes === 0 ? '' : `, ${Math.round(bytes / 2 ** 20)} MiB`;
  return `${counted(workers.length, 'worker')}, ${counted(running, 'call')} running${memory}`;
}

function clientText({ kind, version, tested }: Health['clients'][number]): string {
  return `${kind} ${version}${tested === false ? ' (not tested with this release)' : ''}`;
}
