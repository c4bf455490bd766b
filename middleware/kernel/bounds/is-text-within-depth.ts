import { endOfString } from './end-of-string.ts';

const quote = 0x22;
const opening: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const closing: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Whether a text of JSON is nested no deeper than so many levels: known without a parse, which deep nesting makes slow. */
export function isTextWithinDepth(json: string, depth: number): boolean {
  let open = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) at = endOfString(json, at);
    else if (opening.has(code)) open += 1;
    else if (closing.has(code)) open -= 1;
    if (open > depth) return false;
  }
  return true;
}
