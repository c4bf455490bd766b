import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Item } from './codex-turns.ts';

type Commands = Readonly<
  Record<string, string | { readonly matcher?: string; readonly command: string; readonly timeout?: number }>
>;

/** A home folder with hooks, and a project beside it. */
export class HookFolder {
  folder = '';

  get workspace(): string {
    return join(this.folder, 'project');
  }

  /** Writes a file below the test's folder: `home/…` or `project/…`. */
  async file(path: string, text: string): Promise<void> {
    const whole = join(this.folder, path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, text);
  }

  /** Writes hooks, by event, into a settings file: the user's own unless said otherwise. */
  async hooks(commands: Commands, path = 'home/.claude/settings.json', more: object = {}): Promise<void> {
    const entries = Object.entries(commands).map(([event, hook]) => {
      const { matcher, ...handler } = typeof hook === 'string' ? { matcher: undefined, command: hook } : hook;
      return [event, [{ matcher, hooks: [{ type: 'command', ...handler }] }]];
    });
    await this.file(path, JSON.stringify({ ...more, hooks: Object.fromEntries(entries) as object }));
  }

  /** A command that keeps a hook's input. */
  keeps(name: string): string {
    return `cat >> ${this.folder}/${name}`;
  }

  /** The inputs that were kept. */
  async kept(name: string): Promise<readonly Item[]> {
    const text = await readFile(join(this.folder, name), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Item);
  }
}
