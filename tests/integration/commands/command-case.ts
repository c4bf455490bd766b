import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A golden case: the rule in a sentence, the files, the prompt, and what comes of it. Sections begin with `=== `;
 * their text ends before the line break that precedes the next one, so that a text with a line break at its end
 * shows an empty line.
 */
export interface CommandCase {
  readonly rule: string;
  readonly sections: readonly CaseSection[];
}

interface CaseSection {
  readonly heading: string;
  readonly text: string;
}

export function parseCase(source: string): CommandCase {
  const [rule = '', ...sections] = source.split(/^=== /m);
  return {
    rule: rule.trim(),
    sections: sections.map((section) => {
      const lineEnd = section.indexOf('\n');
      return { heading: section.slice(0, lineEnd), text: section.slice(lineEnd + 1).replace(/\n$/, '') };
    }),
  };
}

/** The text of a section, `undefined` where there is none. */
export function sectionOf({ sections }: CommandCase, heading: string): string | undefined {
  return sections.find((section) => section.heading === heading)?.text;
}

export interface CaseFolders extends AsyncDisposable {
  readonly project: string;
  readonly home: string;
  readonly managed: string;
  /** Puts real paths where a text names the folders, and the reverse. */
  readonly withPaths: (text: string) => string;
  readonly withoutPaths: (text: string) => string;
}

/**
 * Lays out a case's files: `file project/a.md`, `escaped file home/b.md` (with JSON escapes), `link project/c ->
 * {outside}/d`.
 */
export async function layOut(commandCase: CommandCase): Promise<CaseFolders> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'command-case-')));
  const names = ['project', 'home', 'outside', 'managed'] as const;
  const withPaths = (text: string): string =>
    names.reduce((t, n) => t.replaceAll(`{${n}}`, join(root, n)), text);
  for (const name of names) await mkdir(join(root, name));
  for (const { heading, text } of commandCase.sections) {
    const [, escaped, path] = /^(escaped )?file (.*)$/.exec(heading) ?? [];
    const [, link, target] = /^link (.*) -> (.*)$/.exec(heading) ?? [];
    const place = path ?? link;
    if (place === undefined) continue;
    await mkdir(dirname(join(root, place)), { recursive: true });
    if (target !== undefined) await symlink(withPaths(target), join(root, place));
    else
      await writeFile(
        join(root, place),
        escaped === undefined ? withPaths(text) : (JSON.parse(`"${text}"`) as string),
      );
  }
  return {
    project: join(root, 'project'),
    home: join(root, 'home'),
    managed: join(root, 'managed'),
    withPaths,
    withoutPaths: (text) => names.reduce((t, n) => t.replaceAll(join(root, n), `{${n}}`), text),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}
