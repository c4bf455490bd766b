import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { Installed, PlannedFile, Segment } from '../../features/install/planned-file.ts';
import { readTextFile } from '../../platform/store/read-text-file.ts';
import { undoSegments } from './text-segments.ts';

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

/** The change as a unified diff, for a person. */
export function diffOf({ file, now, next }: PlannedFile): string {
  return createTwoFilesPatch(file, file, now ?? '', next, now === undefined ? 'not there' : 'now', 'next', {
    context: 2,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
