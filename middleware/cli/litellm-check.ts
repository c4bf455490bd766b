import type { Command } from 'commander';
import { loadConfig } from '../platform/config/load-config.ts';
import { ConfigWatch } from '../upstreams/litellm/config-watch.ts';
import { planStart } from '../upstreams/litellm/plan-start.ts';
import { CliError } from './cli-error.ts';
import { counted } from './output/counted.ts';
import type { CliContext } from './context.ts';
import { printResult } from './print.ts';

/** `codex-plus litellm check`: reads LiteLLM's configuration as a start would, and starts nothing. */
export function addLitellmCommand(program: Command, context: CliContext): void {
  program
    .command('litellm')
    .description('the second tier')
    .command('check')
    .description("check LiteLLM's configuration: its form, its keys, its models")
    .option('--json', 'print JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const { rootDir, env } = context;
      const config = loadConfig({ rootDir, env, isTerminal: false }).litellm;
      const watch = new ConfigWatch(config.configFile, 1_000);
      try {
        const planned = await planStart({ config, rootDir, env }, await watch.read());
        if (planned.kind === 'fault') throw new CliError(planned.reason);
        const { models, listed, warnings } = planned.plan;
        const hidden = models.filter((name) => !listed.includes(name));
        const lines = [
          warnings.length === 0
            ? `${config.configFile} is sound`
            : `${config.configFile} has no faults, and ${counted(warnings.length, 'warning')}`,
          `models: ${listed.join(', ')}`,
          ...(hidden.length === 0 ? [] : [`not listed by LiteLLM, and callable: ${hidden.join(', ')}`]),
          ...warnings.map((warning) => `warning: ${warning}`),
        ];
        const result = { file: config.configFile, models, ...(hidden.length > 0 && { hidden }), warnings };
        printResult(context, options, result, lines.join('\n'));
      } finally {
        watch.close();
      }
    });
}
