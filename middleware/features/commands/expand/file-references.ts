import { isAbsolute, join, resolve } from 'node:path';
import { addAll } from '../../../kernel/bounds/add-all.ts';
import { CodexPlusError } from '../../../kernel/errors.ts';
import type { Attachment } from './attachment.ts';
import { readReference, type LineRange } from './read-reference.ts';

/** An `@path` in a text. */
export interface FileReference {
  /** As it is written, without the line range. */
  readonly path: string;
  readonly lines: LineRange | undefined;
}

interface ReadOptions {
  /** Absolute; relative references start here. */
  readonly workspace: string;
  readonly homeDir: string;
  /** Asked for the path and for where its symbolic links lead; what must not be read is left out without a word. */
  readonly mayRead: (path: string) => boolean | Promise<boolean>;
  /** Of all that is read together. */
  readonly maxLength?: number;
}

/** Pasted code is full of `@decorators`, and each one costs a look at the disk. */
const maxReferences = 100;

/** The `@path` and `@"path"` at the start of a text or after white space, each path once. */
export function findFileReferences(text: string): readonly FileReference[] {
  const references = new Map<string, FileReference>();
  for (const { groups } of text.matchAll(
    /(?<=^|\s)@(?:"(?<quoted>[^"\n]+)"(?<fragment>#\S*)?|(?<plain>[^\s"]\S*))/g,
  )) {
    const written = groups?.['quoted'] ?? withoutMarks(groups?.['plain'] ?? '');
    const reference = parseReference(written + (groups?.['fragment'] ?? ''));
    const isKnown = references.has(reference.path);
    if (reference.path !== '' && !isKnown && references.size < maxReferences) {
      references.set(reference.path, reference);
    }
  }
  return [...references.values()];
}

/**
 * What the references in a text name, ready to go before the prompt. What is not there is left out without a word. Throws
 * `body_too_large` where they name more than there is room for.
 */
export async function readFileReferences(
  text: string,
  { workspace, homeDir, mayRead, maxLength = Infinity }: ReadOptions,
): Promise<readonly Attachment[]> {
  const attachments: Attachment[] = [];
  const seen = new Set<string>();
  let length = 0;
  for (const { path, lines } of findFileReferences(text)) {
    const absolute = resolvePath(path, workspace, homeDir);
    if (seen.has(absolute)) continue;
    seen.add(absolute);
    const read = await readReference({ path: absolute, lines, mayRead });
    addAll(attachments, read);
    for (const attachment of read) {
      length += attachment.kind === 'text' ? attachment.text.length : attachment.base64.length;
    }
    if (length > maxLength) {
      throw new CodexPlusError(
        'body_too_large',
        `the files that the prompt names with @ are larger than what is left of a request (${maxLength} bytes; server.maxBodyBytes in codex_plus.json); name fewer of them`,
      );
    }
  }
  return attachments;
}

/** A path without what stands behind it in a sentence. By hand: a pattern for the end of a text begins anew at every mark in it. */
export function withoutMarks(written: string): string {
  let end = written.length;
  while (end > 0 && ',.:;!?'.includes(written.charAt(end - 1))) end -= 1;
  return written.slice(0, end);
}

/** `#L3-5` and `#L7` name lines; any other fragment is passed over. */
function parseReference(written: string): FileReference {
  const [, path, fragment] = /^(.*)#([^/#]*)$/.exec(written) ?? [];
  if (path === undefined) return { path: written, lines: undefined };
  const [, first, last = first] = /^L(\d+)(?:-(\d+))?$/.exec(fragment ?? '') ?? [];
  const isRange = Number(first) > 0 && Number(last) >= Number(first);
  return { path, lines: isRange ? { first: Number(first), last: Number(last) } : undefined };
}

/** The absolute path that a reference means. */
export function resolvePath(path: string, workspace: string, homeDir: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homeDir, path.slice(1));
  return isAbsolute(path) ? resolve(path) : resolve(workspace, path);
}
