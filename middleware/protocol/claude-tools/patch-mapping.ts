import type { ToolCall } from '../apis/tool-call.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { readPatch, type PatchedFile } from './apply-patch.ts';
import {
  argumentsOf,
  misplaced,
  refused,
  unchanged,
  type ClaudeToolUse,
  type NewInputs,
  type ResolvePath,
  type Rewritten,
  type ToolMapping,
} from './tool-mapping.ts';

/** Codex's `apply_patch`: as a text, as the one member of a function, or as the operation that the Responses API knows. */
export const patchMapping: ToolMapping = {
  tools: ['Edit', 'Write'],
  read: (call, resolvePath) => {
    const files = readPatch(patchOf(call));
    return files.length === 0 ? undefined : patchUses(files, resolvePath);
  },
  write: (call, inputs, resolvePath) => {
    const text = patchOf(call);
    let lines = text.split(/\r?\n/);
    let at = inputs.length;
    // From the end, so that the places of what comes before stay right.
    for (const file of readPatch(text).toReversed()) {
      const uses = patchUses([file], resolvePath);
      at -= uses.length;
      const own = lines.slice(file.start, file.end);
      const changed = changedFile(file, uses, inputs.slice(at, at + uses.length), own);
      if (typeof changed === 'string') return refused(changed);
      lines = [...lines.slice(0, file.start), ...changed, ...lines.slice(file.end)];
    }
    return inputs.every((input) => input === undefined) ? unchanged(call) : withPatch(call, lines.join('\n'));
  },
};

/**
 * The uses that a patch comes to: a new file is written, any other is edited, whether it is changed, moved or
 * deleted. A file with several changes is one use; its strings have all of them.
 */
export function patchUses(files: readonly PatchedFile[], resolvePath: ResolvePath): readonly ClaudeToolUse[] {
  return files.flatMap(({ kind, path, moveTo, oldLines, newLines }): readonly ClaudeToolUse[] => {
    if (kind === 'add') {
      const content = newLines.map((line) => `${line}\n`).join('');
      return [{ tool: 'Write', input: { file_path: resolvePath(path), content } }];
    }
    const strings = { old_string: oldLines.join('\n'), new_string: newLines.join('\n') };
    const edit = { tool: 'Edit', input: { file_path: resolvePath(path), ...strings } };
    if (moveTo === undefined) return [edit];
    const moved = { ...strings, file_path: resolvePath(moveTo), old_string: '' };
    return [edit, { tool: 'Edit', input: moved }];
  });
}

/** The lines of a file in the patch, or why they cannot be what the new inputs say. */
function changedFile(
  file: PatchedFile,
  [use, target]: readonly ClaudeToolUse[],
  [input, targetInput]: NewInputs,
  own: readonly string[],
): readonly string[] | string {
  if (target !== undefined && misplaced(target.input, targetInput ?? {}, []) !== undefined) {
    return 'where a patch moves a file to stays as it is';
  }
  if (use === undefined || input === undefined) return own;
  const members = file.kind === 'add' ? ['content'] : ['old_string', 'new_string'];
  const other = misplaced(use.input, input, ['file_path', ...members]);
  if (other !== undefined) return `apply_patch has no place for "${other}"`;
  const [head = '', ...body] = own;
  const named = changedHead(head, use.input['file_path'], input['file_path']);
  if (named === undefined) return 'the new input has no "file_path"';
  if (members.every((member) => input[member] === use.input[member])) return [named, ...body];
  const changed = changedBody(file, input, body);
  return typeof changed === 'string' ? changed : [named, ...changed];
}

function changedHead(head: string, before: unknown, path: unknown): string | undefined {
  if (path === before) return head;
  if (typeof path !== 'string' || /[\r\n]/.test(path)) return undefined;
  return `${head.slice(0, head.indexOf(':') + 1)} ${path}`;
}

function changedBody(
  file: PatchedFile,
  { content, old_string: before, new_string: after }: JsonObject,
  body: readonly string[],
): readonly string[] | string {
  if (file.kind === 'add') {
    return typeof content === 'string'
      ? linesOf(content.replace(/\n$/, ''), '+')
      : 'the new input has no "content"';
  }
  if (typeof before !== 'string' || typeof after !== 'string') return 'the new input has no strings';
  if (file.kind === 'delete') return 'a patch that deletes a file has no text';
  if (file.hunks > 1) return 'a patch of several places in one file keeps its text';
  const marks = body.filter((line) => /^(?:@@|\s*\*\*\* Move to:)/.test(line));
  return [...marks, ...linesOf(before, '-'), ...linesOf(after, '+')];
}

function linesOf(text: string, mark: '+' | '-'): readonly string[] {
  return text === '' ? [] : text.split('\n').map((line) => mark + line);
}

function patchOf(call: ToolCall): string {
  if (call.kind === 'custom') return call.input;
  const args = argumentsOf(call) ?? {};
  if (isOperation(call)) return operationText(args);
  const text = args[patchMember(args)];
  return typeof text === 'string' ? text : '';
}

function withPatch(call: ToolCall, text: string): Rewritten {
  if (isOperation(call)) return refused('an operation on a file stays as it is');
  if (call.kind === 'custom') return { kind: 'input', input: text };
  const args = argumentsOf(call) ?? {};
  return { kind: 'input', input: JSON.stringify({ ...args, [patchMember(args)]: text }) };
}

/** Codex's function form calls it `input`; others `patch`. */
function patchMember(args: JsonObject): 'input' | 'patch' {
  return typeof args['input'] === 'string' ? 'input' : 'patch';
}

const words: ReadonlyMap<unknown, string> = new Map([
  ['create_file', 'Add'],
  ['update_file', 'Update'],
  ['delete_file', 'Delete'],
]);

function isOperation(call: ToolCall): boolean {
  const { type, path } = argumentsOf(call) ?? {};
  return call.kind === 'function' && words.has(type) && typeof path === 'string';
}

function operationText({ type, path, diff }: JsonObject): string {
  return `*** ${words.get(type) ?? 'Update'} File: ${String(path)}\n${typeof diff === 'string' ? diff : ''}`;
}
