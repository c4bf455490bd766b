import { spawn } from 'node:child_process';

/**
 * Opens a page in the user's browser; tells whether there is a program that does. Only for addresses of the web: others
 * start programs.
 */
export async function openUrl({ href, protocol }: URL, platform: NodeJS.Platform): Promise<boolean> {
  if (protocol !== 'https:' && protocol !== 'http:') return false;
  const [file, args] = openers.get(platform) ?? ['xdg-open', []];
  const child = spawn(file, [...args, href], { stdio: 'ignore', detached: true });
  const started = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => {
      resolve(true);
    });
    child.once('error', () => {
      resolve(false);
    });
  });
  child.unref();
  return started;
}

const openers = new Map<NodeJS.Platform, readonly [file: string, args: readonly string[]]>([
  ['darwin', ['open', []]],
  // `start` is a word of the shell, which reads `&` in an address.
  ['win32', ['rundll32', ['url.dll,FileProtocolHandler']]],
]);
