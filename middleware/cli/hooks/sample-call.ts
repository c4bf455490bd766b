import { join } from 'node:path';
import type { HookToolUse } from '../../features/hooks/hook-event-fields.ts';
import { bashResponse, readResponse } from '../../features/hooks/tool-responses.ts';
import type { JsonObject } from '../../kernel/json-object.ts';

/** A call of a tool, harmless where its input is not given. */
export function sampleCall(tool: string, cwd: string, input: JsonObject | undefined): HookToolUse {
  return { tool, input: input ?? sampleToolInput(tool, cwd), id: 'toolu_sample' };
}

function sampleToolInput(tool: string, cwd: string): JsonObject {
  const file = join(cwd, 'sample.txt');
  switch (tool) {
    case 'Bash':
      return { command: 'echo sample', description: 'Print a word' };
    case 'Read':
      return { file_path: file };
    case 'Write':
      return { file_path: file, content: 'sample\n' };
    case 'Edit':
      return { file_path: file, old_string: 'sample', new_string: 'example' };
    case 'Grep':
    case 'Glob':
      return { pattern: 'sample' };
    case 'WebFetch':
      return { url: 'https://example.com/', prompt: 'What is on the page?' };
    default:
      return {};
  }
}

/** What such a call may have resulted in. */
export function sampleResponse({ tool, input }: HookToolUse): unknown {
  const path = input['file_path'];
  const filePath = typeof path === 'string' ? path : '';
  switch (tool) {
    case 'Bash':
      return bashResponse({ stdout: 'sample', stderr: '' });
    case 'Read':
      return readResponse({ filePath, content: 'sample', startLine: 1, totalLines: 1 });
    case 'Write':
    case 'Edit':
      return { filePath, structuredPatch: [], userModified: false };
    default:
      return {};
  }
}
