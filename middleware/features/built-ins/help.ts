import { builtInCommands } from '../commands/built-in-commands.ts';
import { callSignOf } from '../commands/help/call-sign.ts';
import { matchCommand, type CommandCall } from '../commands/match-command.ts';
import { previewCommand } from '../commands/expand/preview-command.ts';
import { renderHelp } from '../commands/help/render-help.ts';
import { closestName } from '../../platform/config/closest-name.ts';
import type { BuiltInContext } from './built-in-context.ts';
import { codeSpan } from './code-markdown.ts';
import { previewMarkdown } from './preview-markdown.ts';
import { usageLine } from './usage-line.ts';

const previewFlag = /^--preview(?=\s|$)/;

/** `/help [pattern]` lists the commands; `/help --preview /command …` shows what a call would send, and runs nothing. */
export async function help(args: string, context: BuiltInContext): Promise<string> {
  if (previewFlag.test(args)) {
    const text = args.replace(previewFlag, '').trim();
    // As a prompt: a name with a slash in it is a path.
    const call = matchCommand(/^[/:$]/.test(text) ? text : `/${text}`, { isCodex: true });
    return call === undefined ? usageLine('help', context) : preview(call, context);
  }
  if (args.startsWith('-')) return usageLine('help', context);
  const { catalog, folders } = context.commands;
  const commands = await catalog.list(folders);
  const { commands: prompts, starting } = await context.servers.prompts();
  return renderHelp({
    commands,
    builtIns: builtInCommands,
    prompts,
    starting,
    pattern: args,
    faults: await catalog.faults(folders),
    sign: callSignOf(context.exchange),
  });
}

async function preview({ name, args }: CommandCall, context: BuiltInContext): Promise<string> {
  const { snapshot, session, commands } = context;
  const found = await commands.catalog.find(commands.folders, name);
  switch (found.kind) {
    case 'unreadable':
      return `${codeSpan(`/${found.name}`)} cannot be read: ${found.reason}\n`;
    case 'unknown':
      return unknown(name, context);
    case 'command': {
      const { command } = found;
      const shown = codeSpan(`/${command.name}`);
      if (!command.userInvocable) return `${shown} is for the model; a user cannot call it.\n`;
      const { positionals, effort } = commands;
      const workspace = snapshot?.workspace ?? '';
      return previewMarkdown(
        command,
        args,
        previewCommand(command, args, { workspace, sessionId: session, effort, positionals }),
        snapshot,
      );
    }
  }
}

async function unknown(name: string, context: BuiltInContext): Promise<string> {
  const { catalog, folders } = context.commands;
  if (builtInCommands.some((command) => command.name === name)) {
    return `${codeSpan(`/${name}`)} is built in: it is answered here, and nothing is sent or run.\n`;
  }
  const { commands: prompts } = await context.servers.prompts();
  const prompt = prompts.find((command) => command.name === name);
  if (prompt !== undefined)
    return `${codeSpan(`/${name}`)} is a prompt of the MCP server ${codeSpan(prompt.server)}, which makes it when it is called.\n`;
  const callable = (await catalog.list(folders)).filter(({ userInvocable }) => userInvocable);
  const closest = closestName(
    name,
    [...callable, ...builtInCommands, ...prompts].map((command) => command.name),
  );
  const question = closest === undefined ? '' : ` Did you mean ${codeSpan(`/${closest}`)}?`;
  return `There is no command ${codeSpan(`/${name}`)}.${question}\n`;
}
