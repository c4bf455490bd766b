/** A command that the middleware answers itself. */
export interface BuiltInCommand {
  readonly name: string;
  readonly description: string;
  readonly argumentHint: string | undefined;
}

/** In the order in which `/help` shows them. */
export const builtInCommands: readonly BuiltInCommand[] = [
  {
    name: 'help',
    description: 'List the commands, or show what one would send',
    argumentHint: '[pattern] | --preview /command',
  },
  { name: 'status', description: 'Show how Codex-Plus and its tiers are', argumentHint: undefined },
  {
    name: 'hooks',
    description: 'Show the configured hooks, add or remove one',
    argumentHint: "[add EVENT 'COMMAND' | remove NUMBER]",
  },
  {
    name: 'mcp',
    description: 'Show, add or remove MCP servers, sign in at one, or accept its changed tools',
    argumentHint:
      'list | NAME | add NAME COMMAND|URL | remove NAME | auth NAME [ADDRESS] | accept NAME [TOOL] [MARK]',
  },
  {
    name: 'plus',
    description: 'Show the merged configuration, or how to set up a client',
    argumentHint: 'status|init',
  },
  { name: 'config', description: 'Show every setting with its source', argumentHint: 'list' },
  { name: 'save', description: 'Write this conversation to a file', argumentHint: '[file]' },
];
