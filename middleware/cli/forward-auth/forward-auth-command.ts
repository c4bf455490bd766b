import { InvalidArgumentError, type Command } from 'commander';
import type { CliContext } from '../context.ts';
import { portIn, type ForwardAuthOptions } from './forward-auth-settings.ts';

/** `codex-plus forward-auth`: tells a proxy in front which requests carry a key. */
export function addForwardAuthCommand(program: Command, context: CliContext): void {
  program
    .command('forward-auth')
    .description("check keys for a proxy in front, as Traefik's ForwardAuth asks")
    .option('--host <host>', 'the address to bind; 127.0.0.1 by default')
    .option('--port <port>', 'the port to bind; 18080 by default', portOf)
    .action(async (options: ForwardAuthOptions) => {
      // Only here: a server and its log are more than the other commands load.
      const { serveForwardAuth } = await import('./serve-forward-auth.ts');
      await serveForwardAuth(context, options);
    });
}

function portOf(text: string): number {
  const port = portIn(text);
  if (port === undefined) throw new InvalidArgumentError('It is a whole number up to 65535.');
  return port;
}
