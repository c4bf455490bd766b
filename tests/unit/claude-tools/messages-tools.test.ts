import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { claudeUsesOf, withClaudeInputs } from '../../../middleware/protocol/claude-tools/claude-tool.ts';

const resolvePath = (path: string): string => resolve('/shop', path);

type Args = Readonly<Record<string, unknown>>;

function called(name: string, args: Args): Parameters<typeof claudeUsesOf>[0] {
  return { callId: 'c', kind: 'function', name, namespace: undefined, input: JSON.stringify(args) };
}

function rewritten(name: string, args: Args, input: Args): unknown {
  const written = withClaudeInputs(called(name, args), [input], resolvePath);
  return written.kind === 'refused' ? written.reason : JSON.parse(written.input);
}

const editor = 'str_replace_based_edit_tool';

describe('a tool that the Messages API defines', () => {
  test.each<[string, Args, string, Args]>([
    ['bash', { command: 'rm x' }, 'Bash', { command: 'rm x' }],
    ['bash', { restart: true }, 'bash', { restart: true }],
    [
      editor,
      { command: 'view', path: '.env', view_range: [1, 2] },
      'Read',
      { file_path: '/shop/.env', view_range: [1, 2] },
    ],
    [
      editor,
      { command: 'create', path: 'a', file_text: 'x' },
      'Write',
      { file_path: '/shop/a', content: 'x' },
    ],
    [
      'str_replace_editor',
      { command: 'str_replace', path: '/b', old_str: 'x', new_str: 'y' },
      'Edit',
      { file_path: '/b', old_string: 'x', new_string: 'y' },
    ],
    [
      editor,
      { command: 'insert', path: 'a', insert_line: 0, insert_text: 'x' },
      'Edit',
      { file_path: '/shop/a', insert_line: 0, new_string: 'x' },
    ],
    [
      editor,
      { command: 'str_replace', path: '/b', old_str: 'x', new_str: 'evil', insert_text: 'nice' },
      'Edit',
      { file_path: '/b', old_string: 'x', new_string: 'evil', insert_text: 'nice' },
    ],
    [
      editor,
      { command: 'insert', path: '/b', insert_line: 0, new_str: 'old', insert_text: 'new' },
      'Edit',
      { file_path: '/b', insert_line: 0, new_string: 'new', new_str: 'old' },
    ],
    [editor, { command: 'chmod', path: 'a' }, editor, { command: 'chmod', path: 'a' }],
  ])('%s %j is %s [SEC-1] [HK-2]', (name, args, tool, input) => {
    expect(claudeUsesOf(called(name, args), resolvePath)).toEqual([{ tool, input }]);
  });

  test.each<[string, Args, Args, Args]>([
    ['bash', { command: 'a' }, { command: 'b' }, { command: 'b' }],
    [
      editor,
      { command: 'create', path: 'a', file_text: 'x' },
      { file_path: '/b', content: 'y' },
      { command: 'create', path: '/b', file_text: 'y' },
    ],
    [
      editor,
      { command: 'str_replace', path: 'a', old_str: 'x', new_str: 'y' },
      { file_path: '/shop/a', old_string: 'x', new_string: 'z' },
      { command: 'str_replace', path: 'a', old_str: 'x', new_str: 'z' },
    ],
  ])('%s %j is changed in its own words [HK-2]', (name, args, input, expected) => {
    expect(rewritten(name, args, input)).toEqual(expected);
  });

  test('is refused where it has no place for the change [HK-2]', () => {
    const view = { command: 'view', path: 'a' };
    expect(rewritten(editor, view, { file_path: '/shop/a', limit: 3 })).toContain('"limit"');
    expect(rewritten(editor, view, { path: '/shop/a' })).toContain('"file_path"');
  });
});
