import { parseJson } from '../../../kernel/json-object.ts';
/** The cells of a Jupyter notebook with their text outputs; `undefined` where the text is no notebook. */
export function notebookText(text: string): string | undefined {
  const cells = membersOf(parseJson(text))['cells'];
  if (!Array.isArray(cells)) return undefined;
  return cells.map((cell: unknown, index) => cellText(membersOf(cell), index)).join('\n');
}

type Members = Readonly<Record<string, unknown>>;

function cellText(cell: Members, index: number): string {
  const id = typeof cell['id'] === 'string' ? cell['id'] : `cell-${index}`;
  const kind = cell['cell_type'] === 'code' ? '' : `<cell_type>${String(cell['cell_type'])}</cell_type>`;
  const outputs = Array.isArray(cell['outputs']) ? cell['outputs'].map(outputText) : [];
  return [`<cell id="${id}">${kind}${joined(cell['source'])}</cell id="${id}">`, ...outputs]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Pictures and HTML are left out: their text form, where there is one, says enough. */
function outputText(output: unknown): string {
  const { text, data, ename, evalue } = membersOf(output);
  if (typeof ename === 'string') return `${ename}: ${String(evalue)}`;
  return joined(text ?? membersOf(data)['text/plain']);
}

function joined(lines: unknown): string {
  if (Array.isArray(lines)) return lines.map(String).join('');
  return typeof lines === 'string' ? lines : '';
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}
