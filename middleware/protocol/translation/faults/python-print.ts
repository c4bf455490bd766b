import { parseJsonObject, type JsonObject } from '../../../kernel/json-object.ts';

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The text of bytes as Python prints them: in UTF-8, what is not ASCII byte for byte. */
export function fromPrintedBytes(text: string): string {
  return text.replace(
    /((?:\\x[0-9a-f]{2})+)|\\([\\'nrt])/g,
    (_all, bytes: string | undefined, escaped: string) =>
      bytes === undefined
        ? (escapes[escaped] ?? escaped)
        : Buffer.from(bytes.replaceAll('\\x', ''), 'hex').toString(),
  );
}

/** One that is not closed goes to the end, so that no text is looked through twice. */
const printed = /'((?:[^'\\]|\\.)*)(?:'|$)|"((?:[^"\\]|\\.)*)(?:"|$)|\b(?:None|True|False)\b/gs;
const words: Readonly<Record<string, string>> = { None: 'null', True: 'true', False: 'false' };

/** A dict as Python prints it; `undefined` for a text that is none. */
export function fromPrintedDict(text: string): JsonObject | undefined {
  return parseJsonObject(
    text.replace(
      printed,
      (word, single: string | undefined, double: string | undefined) =>
        words[word] ?? JSON.stringify(fromPrintedText(single ?? double ?? '')),
    ),
  );
}

function fromPrintedText(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gs,
    (_all: string, byte?: string, short?: string, long?: string, escaped?: string): string => {
      if (escaped !== undefined) return escapes[escaped] ?? escaped;
      const point = Number.parseInt(byte ?? short ?? long ?? '', 16);
      return point > 0x10_ffff ? '\u{fffd}' : String.fromCodePoint(point);
    },
  );
}
