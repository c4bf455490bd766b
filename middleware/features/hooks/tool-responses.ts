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
