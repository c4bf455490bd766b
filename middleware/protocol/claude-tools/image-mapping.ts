import { argumentsOf, misplaced, refused, unchanged, type ToolMapping } from './tool-mapping.ts';

/** Codex's `view_image` reads a file. */
export const imageMapping: ToolMapping = {
  tools: ['Read'],
  read: (call, resolvePath) => {
    const path = argumentsOf(call)?.['path'];
    return typeof path === 'string' ? [{ tool: 'Read', input: { file_path: resolvePath(path) } }] : undefined;
  },
  write: (call, [input]) => {
    if (input === undefined) return unchanged(call);
    const path = input['file_path'];
    if (typeof path !== 'string') return refused('the new input has no "file_path"');
    const other = misplaced({}, input, ['file_path']);
    if (other !== undefined) return refused(`view_image has no place for "${other}"`);
    return { kind: 'input', input: JSON.stringify({ ...argumentsOf(call), path }) };
  },
};
