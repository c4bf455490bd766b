import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { readTextFile } from '../../platform/store/read-text-file.ts';
import type { OwnChoices } from './own-choices.ts';
import { undoSegments, type Segment } from './text-segments.ts';

/** What a file is to become. */
export interface PlannedFile {
  readonly file: string;
  /** As it is now; `undefined` for a file that is not there. */
  readonly now: string | undefined;
  readonly next: string;
  /** What of it is ours; a file that is ours as a whole has none. */
  readonly segments: readonly Segment[];
  /** Whether the file was there before we first wrote into it. */
  readonly existed: boolean;
  /** Of a `config.toml`: what the user had chosen before we first wrote into it. */
  readonly own?: OwnChoices | undefined;
}

/** What an earlier installation wrote, from its record. */
export type Installed = Pick<PlannedFile, 'file' | 'segments' | 'existed' | 'own'>;

/** The plan for a file that is ours as a whole. */
export function ownFile(file: string, next: string): PlannedFile {
  return { file, now: readTextFile(file), next, segments: [], existed: false };
}

/** The plan for a file of the user's: what was there before us, edited anew. */
export function editedFile(
  file: string,
  installed: Installed | undefined,
  edit: (before: string) => { readonly text: string; readonly segments: readonly Segment[] },
  takeOut: (text: string, segments: readonly Segment[]) => string = (text, segments) =>
    undoSegments(text, segments).text,
): PlannedFile {
  const now = readTextFile(file);
  const before = takeOut(now ?? '', installed?.segments ?? []);
  const { text, segments } = edit(before);
  return { file, now, next: text, segments, existed: installed?.existed ?? now !== undefined };
}

/** Whether carrying the plan out would change anything. */
export function changes({ now, next }: PlannedFile): boolean {
  return now !== next;
}

/** The change as a unified diff, for a person. */
export function diffOf({ file, now, next }: PlannedFile): string {
  return createTwoFilesPatch(file, file, now ?? '', next, now === undefined ? 'not there' : 'now', 'next', {
    context: 2,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
