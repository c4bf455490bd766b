import { UserError } from '../kernel/user-error.ts';
import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import { CliError, exitCodes } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { counted } from './output/counted.ts';
import { systemError } from './system-error.ts';
import { readInstallRecord, writeInstallRecord } from '../features/install/install-record.ts';
import { restoreFile, type Restored } from './install/restore-file.ts';
import type { Installed } from '../features/install/planned-file.ts';
import { removeEmptyFolders } from '../platform/store/write-files.ts';

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
        await tellLogins(context);
        return;
      }
      if (options.yes !== true) {
        if (!isInteractive) throw new CliError('nobody can be asked here: say --yes', exitCodes.usage);
        const answer = await confirm({ message: `Restore ${counted(record.files.length, 'file')}?` });
        if (isCancel(answer) || !answer) throw new CliError('nothing was changed');
      }
      const failed: FailedRestore[] = [];
      for (const installed of record.files) {
        try {
          stdout.write(`${tell(restoreFile(installed))}\n`);
        } catch (error) {
          failed.push({ installed, reason: reasonOf(error) });
        }
      }
      removeEmptyFolders(record.folders);
      await tellLogins(context);
      // What could not be taken out stays written down, for the next try.
      writeInstallRecord(home, { files: failed.map(({ installed }) => installed), folders: record.folders });
      if (failed.length > 0) throw new CliError(failed.map(({ reason }) => reason).join('\n'));
    });
}

/** Nobody wrote them but their user, who may want them again. */
async function tellLogins(context: CliContext): Promise<void> {
  const { openLoginStore } = await import('./mcp/open-login-store.ts');
  const { folder, logins } = await openLoginStore(context).count();
  if (logins === 0) return;
  context.stdout.write(
    `${counted(logins, 'login')} at MCP servers ${logins === 1 ? 'stays' : 'stay'} in ${folder}: \`codex-plus mcp logout NAME\` ends one; those of servers that are not configured any more go with the folder\n`,
  );
}

interface FailedRestore {
  readonly installed: Installed;
  readonly reason: string;
}

function reasonOf(error: unknown): string {
  const told = error instanceof UserError ? error : systemError(error);
  if (told === undefined) throw error;
  return told.message;
}

function tell(restored: Restored): string {
  const { file } = restored;
  switch (restored.kind) {
    case 'restored':
      return [`restored ${file}`, ...restored.stays].join('\n');
    case 'removed':
      return `removed ${file}`;
    case 'gone':
      return `${file} was gone already`;
    case 'edited':
      return `${file} was edited where we wrote; look for "codex-plus" in it`;
  }
}
