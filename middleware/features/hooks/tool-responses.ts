import { type JsonObject } from '../../kernel/json-object.ts';

/** The result of Claude's `Bash` tool. A command that fails is no result but a `PostToolUseFailure`. */
export function bashResponse(output: { readonly stdout: string; readonly stderr: string }): JsonObject {
  const { stdout, stderr } = output;
  return { stdout, stderr, interrupted: false, isImage: false, noOutputExpected: false };
}

/** The result of Claude's `Read` tool; `content` is what was read, from line `startLine` on. */
export function readResponse(file: {
  readonly filePath: string;
  readonly content: string;
  readonly startLine: number;
  readonly totalLines: number;
}): JsonObject {
  const { filePath, content, startLine, totalLines } = file;
  const numLines = content.split('\n').length;
  return { type: 'text', file: { filePath, content, numLines, startLine, totalLines } };
}

/** One changed place of a file, in the lines of a unified diff. */
export interface PatchHunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly string[];
}

/** The result of Claude's `Write` tool; `originalFile` is null where the file is new. */
export function writeResponse(file: {
  readonly filePath: string;
  readonly content: string;
  readonly originalFile: string | null;
  readonly structuredPatch: readonly PatchHunk[];
}): JsonObject {
  const { filePath, content, originalFile, structuredPatch } = file;
  const type = originalFile === null ? 'create' : 'update';
  return { type, filePath, content, structuredPatch, originalFile, userModified: false };
}

/** The result of Claude's `Edit` tool; `originalFile` is null where its earlier content is not known. */
export function editResponse(edit: {
  readonly filePath: string;
  readonly oldString: string;
  readonly newString: string;
  readonly originalFile: string | null;
  readonly structuredPatch: readonly PatchHunk[];
  readonly replaceAll: boolean;
}): JsonObject {
  const { filePath, oldString, newString, originalFile, structuredPatch, replaceAll } = edit;
  return { filePath, oldString, newString, originalFile, structuredPatch, userModified: false, replaceAll };
}
