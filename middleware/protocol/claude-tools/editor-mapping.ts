import type { JsonObject } from '../../kernel/json-object.ts';
import { argumentsOf, misplaced, refused, unchanged, type ToolMapping } from './tool-mapping.ts';

/** What a command of the editor is for Claude Code: a tool, and its members by the editor's own. */
interface EditorCommand {
  readonly tool: string;
  readonly members: Readonly<Record<string, string>>;
}

const commands: ReadonlyMap<unknown, EditorCommand> = new Map([
  ['view', { tool: 'Read', members: { path: 'file_path' } }],
  ['create', { tool: 'Write', members: { path: 'file_path', file_text: 'content' } }],
  [
    'str_replace',
    { tool: 'Edit', members: { path: 'file_path', old_str: 'old_string', new_str: 'new_string' } },
  ],
  [
    'insert',
    { tool: 'Edit', members: { path: 'file_path', insert_text: 'new_string', new_str: 'new_string' } },
  ],
  ['undo_edit', { tool: 'Edit', members: { path: 'file_path' } }],
]);

/** The editor that the Messages API defines, `str_replace_based_edit_tool`: one tool that reads, writes and edits. */
export const editorMapping: ToolMapping = {
  tools: ['Read', 'Edit', 'Write'],
  read: (call, resolvePath) => {
    const args = argumentsOf(call) ?? {};
    const command = commands.get(args['command']);
    if (command === undefined || typeof args['path'] !== 'string') return undefined;
    const file = resolvePath(args['path']);
    return [{ tool: command.tool, input: { ...inputOf(command, args), file_path: file } }];
  },
  write: (call, [input], resolvePath) => {
    const args = argumentsOf(call) ?? {};
    const command = commands.get(args['command']);
    if (input === undefined || command === undefined) return unchanged(call);
    if (typeof input['file_path'] !== 'string') return refused('the new input has no "file_path"');
    const before = { ...inputOf(command, args), file_path: resolvePath(String(args['path'])) };
    const places = placesIn(command, args);
    const other = misplaced(
      before,
      input,
      places.map(([, name]) => name),
    );
    if (other !== undefined) return refused(`${call.name} has no place for "${other}"`);
    const changed = places
      .filter(([, name]) => name in input && input[name] !== before[name as keyof typeof before])
      .map(([member, name]) => [member, input[name]]);
    return { kind: 'input', input: JSON.stringify({ ...args, ...Object.fromEntries(changed) }) };
  },
};

/** Members that Claude does not know keep their names: whoever decides sees all that the editor gets. */
function inputOf(command: EditorCommand, args: JsonObject): JsonObject {
  const places = placesIn(command, args);
  const isPlaced = (member: string): boolean => places.some(([placed]) => placed === member);
  const others = Object.entries(args).filter(([member]) => member !== 'command' && !isPlaced(member));
  return Object.fromEntries([...others, ...places.map(([member, name]) => [name, args[member]] as const)]);
}

/** The members that are there, with Claude's names for them; of two with one name the first counts. */
function placesIn({ members }: EditorCommand, args: JsonObject): readonly (readonly [string, string])[] {
  const there = Object.entries(members).filter(([member]) => member in args);
  return there.filter(([, name], index) => there.findIndex(([, other]) => other === name) === index);
}
