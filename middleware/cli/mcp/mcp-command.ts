import { Option, type Command } from 'commander';
import { serverScopes } from '../../features/mcp/edit/server-place.ts';
import { withProjectOptions, type ProjectOptions } from '../config/project-options.ts';
import type { CliContext } from '../context.ts';
import { acceptTools, type AcceptOptions } from './accept-tools.ts';
import { addServer, addServerJson, type AddOptions, type ScopeOptions } from './add-server.ts';
import { importServers, importSources, type ImportSource } from './import-servers.ts';
import { login, logout, type LoginOptions } from './login-commands.ts';
import { getServer, listServers, testServer } from './look-at-servers.ts';
import { removeServers } from './remove-servers.ts';
import { resetChoices } from './reset-choices.ts';

/** `codex-plus mcp add|add-json|list|get|remove|reset-project-choices|import|test|accept|login|logout`: Claude Code's own sub-commands and files, and more. */
export function addMcpCommand(program: Command, context: CliContext): void {
  const mcp = program.command('mcp').description('MCP servers: add, list, test, sign in, remove');
  addEditCommands(mcp, context);
  addLoginCommands(mcp, context);
  withProjectOptions(mcp.command('list').description('every server, and whether it can be reached')).action(
    (options: ProjectOptions) => listServers(context, options),
  );
  withProjectOptions(
    mcp.command('get').description('one server with its entry').argument('<name>', 'as the list shows it'),
  ).action((name: string, options: ProjectOptions) => getServer(context, name, options));
  withProjectOptions(
    mcp
      .command('test')
      .description('connect to a server and list what it offers; 1 when that fails')
      .argument('<name>', 'as the list shows it'),
  ).action((name: string, options: ProjectOptions) => testServer(context, name, options));
  withProjectOptions(
    mcp
      .command('accept')
      .description('show changed tools of a server, and allow them with --seen; 1 where none were allowed')
      .argument('<name>', 'as the list shows it')
      .argument('[tool]', 'only this one')
      .option('--seen <mark>', 'what stood below the definitions that were shown'),
  ).action((name: string, tool: string | undefined, options: AcceptOptions) =>
    acceptTools(context, { name, tool }, options),
  );
}

function addLoginCommands(mcp: Command, context: CliContext): void {
  mcp
    .command('login')
    .description('sign in at a server with a browser')
    .argument('<name>', 'as the list shows it')
    .option('--no-browser', 'print the link, and open nothing')
    .option('--workspace <dir>', 'the project, instead of this folder')
    .action((name: string, options: LoginOptions) => login(context, name, options));
  mcp
    .command('logout')
    .description('forget the login at a server')
    .argument('<name>', 'as the list shows it')
    .option('--workspace <dir>', 'the project, instead of this folder')
    .action((name: string, options: { readonly workspace?: string }) => logout(context, name, options));
}

/** What is wrong with a call, with lines behind it where a pattern tells what was meant. */
function withHints(command: Command, hints: readonly (readonly [pattern: RegExp, hint: string])[]): Command {
  return command.configureOutput({
    outputError: (text, write) => {
      const [, hint] = hints.find(([pattern]) => pattern.test(text)) ?? [];
      write(hint === undefined ? text : `${text}${hint}\n`);
    },
  });
}

const addUsage = [
  'Usage: codex-plus mcp add NAME [-e KEY=value …] -- COMMAND [ARGS…]',
  '       codex-plus mcp add NAME URL [-H "Name: value" …]',
  '-e and -H take all words up to the next option or `--`, so NAME goes before them.',
].join('\n');

function addEditCommands(mcp: Command, context: CliContext): void {
  withScope(
    withHints(mcp.command('add'), [
      [
        /unknown option/,
        'Options of the program stand behind `--`: codex-plus mcp add NAME -- npx -y PACKAGE',
      ],
      [/missing required argument/, addUsage],
    ])
      .description('write a server into a file of Claude Code; options of its own stand behind --')
      .argument('<name>', 'letters, numbers, hyphens and underscores')
      .argument('<commandOrUrl>', 'the program, or the URL')
      .argument('[args...]', 'of the program'),
    'local',
  )
    .option('-t, --transport <transport>', 'stdio, http or sse; of a URL http, otherwise stdio')
    .option('-e, --env <env...>', 'variables of the program: KEY=value')
    .option('-H, --header <header...>', 'headers of every request: "Name: value"')
    .option('--client-id <id>', 'the OAuth client that is registered for you')
    .option('--client-secret', 'asks for its secret, or takes MCP_CLIENT_SECRET')
    .option('--callback-port <port>', 'the port that its redirect URI has')
    .action((name: string, target: string, args: readonly string[], options: AddOptions) =>
      addServer(context, { name, target, args }, options),
    );
  withScope(
    mcp
      .command('add-json')
      .description('write a server that is JSON')
      .argument('<name>', 'letters, numbers, hyphens and underscores')
      .argument('<json>', 'an entry of mcpServers; - reads it from stdin'),
    'local',
  ).action((name: string, json: string, options: ScopeOptions) =>
    addServerJson(context, name, json, options),
  );
  withScope(
    mcp
      .command('remove')
      .description('take a server out of its file')
      .argument('<name>', 'as the list shows it'),
  ).action((name: string, options: Partial<ScopeOptions>) => removeServers(context, name, options));
  mcp
    .command('reset-project-choices')
    .description('forget which servers of the project were allowed or refused')
    .option('--workspace <dir>', 'the project, instead of this folder')
    .action((options: { readonly workspace?: string }) => resetChoices(context, options));
  withScope(
    withHints(mcp.command('import'), [
      [
        /value 'claude(?:-code)?' is invalid/,
        "Claude Code's own servers are used without it: `codex-plus mcp list` shows them",
      ],
    ])
      .description('copy servers of another program that are not here yet')
      .addArgument(mcp.createArgument('<source>', 'whose').choices(importSources))
      .argument('[names...]', 'only these'),
  ).action((source: ImportSource, names: readonly string[], options: Partial<ScopeOptions>) =>
    importServers(context, source, names, options),
  );
}

function withScope(command: Command, preset?: ScopeOptions['scope']): Command {
  const scope = new Option(
    '-s, --scope <scope>',
    'whose file: for you in this project, for you, for all in it',
  ).choices(serverScopes);
  return command
    .addOption(preset === undefined ? scope : scope.default(preset))
    .option('--workspace <dir>', 'the project, instead of this folder');
}
