import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import { CliError, exitCodes } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { removeOurTables } from './install/codex-config.ts';
import { readInstallRecord, writeInstallRecord } from './install/install-record.ts';
import { restoreFile, type Restored } from './install/apply-plan.ts';
import { removeEmptyFolders, writeTextFile } from './install/write-files.ts';

/** `codex-plus uninstall`: takes out what `init` wrote; what you changed around it stays. */
export function addUninstallCommand(program: Command, context: CliContext): void {
  program
    .command('uninstall')
    .description('take out what init wrote; everything else stays')
    .option('-y, --yes', 'without asking')
    .action(async (options: { readonly yes?: boolean }) => {
      const { home, stdout, isInteractive } = context;
      const record = readInstallRecord(home);
      if (record.files.length === 0) {
        stdout.write('nothing is installed\n');
        return;
      }
      if (options.yes !== true) {
        if (!isInteractive) throw new CliError('nobody can be asked here: say --yes', exitCodes.usage);
        const answer = await confirm({ message: `Restore ${record.files.length} files?` });
        if (isCancel(answer) || !answer) throw new CliError('nothing was changed');
      }
      for (const installed of record.files) stdout.write(`${tell(restoreFile(installed))}\n`);
      removeEmptyFolders(record.folders);
      writeInstallRecord(home, { files: [], folders: record.folders });
    });
}

function tell(restored: Restored): string {
  const { file, kind } = restored;
  switch (kind) {
    case 'restored':
      return `restored ${file}`;
    case 'removed':
      return `removed ${file}`;
    case 'gone':
      return `${file} was gone already`;
    case 'edited': {
      if (!file.endsWith('.toml')) return `${file} was edited where we wrote; look for "codex-plus" in it`;
      writeTextFile(file, removeOurTables(restored.rest, file));
      return `took our tables out of ${file}; they had been edited`;
    }
  }
}
