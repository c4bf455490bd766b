import type { Command } from 'commander';
import { CliError, exitCodes } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { visibleLine } from '../kernel/visible-text.ts';
import { failingText } from './instance/failing-text.ts';
import { findInstance, type Health } from './instance/find-instance.ts';
import { keyVariable } from './instance/key-variable.ts';
import { litellmStateText } from './instance/litellm-state-text.ts';
import { printResult, table } from './print.ts';

/** `codex-plus status`: what runs, and how it is. Exit code 3 when nothing runs, 1 when it cannot answer model calls. */
export function addStatusCommand(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('show what runs, and how it is')
    .option('--url <url>', 'ask the middleware at this address')
    .option('--json', 'print JSON')
    .action(async (options: { readonly url?: string; readonly json?: boolean }) => {
      const { url, health } = await findInstance(context, options.url);
      if (health === undefined) {
        printResult(context, options, { url, running: false }, '');
        throw new CliError(
          `nothing answers at ${url}; start it with: codex-plus start`,
          exitCodes.notRunning,
        );
      }
      printResult(context, options, { url, running: true, ...health }, statusText(url, health));
      if (health.status !== 'ok') throw new CliError(health.reason ?? health.status);
    });
}

function statusText(url: string, health: Health): string {
  const { litellm, models = litellm.models, chatgpt, providers, clients, failing = [] } = health;
  const litellmState = [litellmStateText(litellm.state), litellm.url, litellm.reason].filter(
    (part) => part !== undefined,
  );
  return table([
    [
      'codex-plus',
      `${stateOf(health)}, version ${health.version}, pid ${health.pid}, up ${health.uptimeSeconds} s`,
    ],
    ['address', url],
    ['litellm', `${litellmState.join(', ')}; breaker ${litellm.breaker}`],
    [
      'models',
      models === undefined ? `told to callers with a key (${keyVariable})` : models.join(', ') || 'none',
    ],
    ['chatgpt', chatgpt.enabled ? `on, transport ${chatgpt.transport}` : 'off'],
    [
      'fallback',
      providers.map(({ name, hasKey }) => (hasKey ? name : `${name} (no key)`)).join(', ') || 'none',
    ],
    ['clients', clients.map(clientText).join(', ') || 'none seen yet'],
    ...failing.map((one) => ['failing', `${visibleLine(one.model, 100)}: ${failingText(one)}`]),
    ...(litellm.warnings ?? []).map((warning) => ['warning', warning]),
  ]);
}

/** Where calls can be answered, and not as they are meant to be: the providers are called themselves. */
function stateOf({ status, litellm: { state } }: Health): string {
  return status === 'ok' && state !== 'ready' && state !== 'reloading' ? 'ok, but without LiteLLM' : status;
}

function clientText({ kind, version, tested }: Health['clients'][number]): string {
  return `${kind} ${version}${tested === false ? ' (not tested with this release)' : ''}`;
}
