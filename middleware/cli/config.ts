import type { Command } from 'commander';
import { visibleLine, visibleText } from '../kernel/visible-text.ts';
import { CliError } from './cli-error.ts';
import { readConfigView } from './config/config-view.ts';
import { explainText, notesOn } from './config/explain-text.ts';
import { findSetting } from './config/find-setting.ts';
import { listText } from './config/list-text.ts';
import { withProjectOptions, type ProjectOptions } from './config/project-options.ts';
import type { CliContext } from './context.ts';
import { printResult } from './print.ts';

interface ConfigOptions extends ProjectOptions {
  readonly settings?: readonly string[];
}

/** `codex-plus config list|get|explain`: the merged view of all settings, each value with its source; secrets are masked. */
export function addConfigCommand(program: Command, context: CliContext): void {
  const config = program
    .command('config')
    .description('show what is configured here, and where it comes from');
  withConfigOptions(config.command('list').description('every setting with its source')).action(
    async (options: ConfigOptions) => {
      const view = await readConfigView(context, options);
      printResult(context, options, view, listText(view));
    },
  );
  withConfigOptions(config.command('get').argument('<key>').description('one value')).action(
    async (key: string, options: ConfigOptions) => {
      const view = await readConfigView(context, options);
      const { kind, rows } = findSetting(key, view);
      if (kind === 'section') {
        const names = rows.map((row) => row.key).join(', ');
        throw new CliError(`${key} is not one setting; there are ${visibleLine(names, 2_000)}`);
      }
      if (kind === 'left-out')
        throw new CliError(`${key} does not count; see: codex-plus config explain ${key}`);
      const value = kind === 'list' ? rows.map((row) => row.value) : rows[0]?.value;
      const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
      printResult(context, options, value, visibleText(text));
    },
  );
  withConfigOptions(
    config.command('explain').argument('<key>').description('why a setting has its value'),
  ).action(async (key: string, options: ConfigOptions) => {
    const view = await readConfigView(context, options);
    const found = findSetting(key, view);
    printResult(context, options, { key, ...found, ...notesOn(key, view) }, explainText(key, found, view));
  });
}

function withConfigOptions(command: Command): Command {
  return withProjectOptions(command).option(
    '--settings <file|json>',
    'settings as if given on the command line; the last of several is the strongest',
    (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
  );
}
