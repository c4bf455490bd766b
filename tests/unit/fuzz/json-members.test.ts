import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  arrayElements,
  hasTextBeginningWith,
  replaceMembers,
  replaceValue,
  topLevelMembers,
} from '../../../middleware/protocol/json/json-members.ts';
import { holds } from '../../support/fuzz.ts';

const key = fc.oneof(
  fc.constantFrom('model', 'input', '__proto__', '', 'a"b', '\\', '\u2028'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' });
const members = fc.array(fc.tuple(key, value), { maxLength: 8 });
const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

/** Every third character or so as an escape, which means the same. */
function escaped(text: string, every: number): string {
  const inner = Array.from(JSON.stringify(text).slice(1, -1));
  if (every === 0 || inner.includes('\\')) return JSON.stringify(text);
  const signs = inner.map((sign, at) =>
    at % every === 0 && sign.length === 1 ? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}` : sign,
  );
  return `"${signs.join('')}"`;
}

/** A JSON text of the members, with white space where it may be and escapes where nobody needs them. */
const objectText = fc.tuple(members, space, fc.nat({ max: 3 })).map(([pairs, gap, every]) => {
  const parts = pairs.map(
    ([name, content]) => `${gap}${escaped(name, every)}${gap}:${gap}${JSON.stringify(content)}${gap}`,
  );
  return { pairs, text: `${gap}{${parts.join(',')}${gap}}${gap}` };
});

/**
 * V8 of Node 24 reads a key of one escaped sign as a backslash, once it has seen such objects:
 * `JSON.parse('{"\\u0078":1}')`.
 */
const misreadByV8 = /"\\u[0-9a-f]{4}"/i;

describe('the scanner of JSON bodies', () => {
  test('finds the members that were written, in order, each with the bytes of its value', () =>
    holds(
      [objectText],
      ({ pairs, text }) => {
        const json = Buffer.from(text);
        const found = topLevelMembers(json).map(({ key: name, valueStart, valueEnd }) => [
          name,
          json.toString('utf8', valueStart, valueEnd),
        ]);
        expect(found).toEqual(pairs.map(([name, content]) => [name, JSON.stringify(content)]));
      },
      300,
    ));

  test('cuts arrays into the elements that a parser finds', () =>
    holds([fc.array(value), space], (elements, gap) => {
      const list = `[${elements.map((element) => gap + JSON.stringify(element) + gap).join(',')}]`;
      const json = Buffer.from(`{"a":${list}}`);
      const [member] = topLevelMembers(json);
      const found = member === undefined ? undefined : arrayElements(json, member);
      expect(found?.map(({ start, end }) => json.toString('utf8', start, end))).toEqual(
        elements.map((element) => JSON.stringify(element)),
      );
    }));

  test('takes a member out, or puts another value in, and leaves every other byte', () =>
    holds([objectText, fc.nat(), value], ({ pairs, text }, pick, other) => {
      const json = Buffer.from(text);
      const all = topLevelMembers(json);
      const at = all.length === 0 ? -1 : pick % all.length;
      const member = all[at];
      if (member === undefined) return;
      const contents = (of: Buffer): unknown =>
        topLevelMembers(of).map((one) => [one.key, of.toString('utf8', one.valueStart, one.valueEnd)]);
      const written = pairs.map(([name, content]) => [name, JSON.stringify(content)]);
      expect(contents(replaceMembers(json, new Map([[member, undefined]])))).toEqual(
        written.toSpliced(at, 1),
      );
      const replaced = written.toSpliced(at, 1, [member.key, JSON.stringify(other)]);
      expect(contents(replaceValue(json, member, JSON.stringify(other)))).toEqual(replaced);
    }));

  test('takes every object that a parser takes, and refuses all else with an error of its own', () =>
    holds(
      [objectText, fc.nat(), fc.string({ unit: 'binary', maxLength: 2 }), fc.nat({ max: 3 })],
      ({ text }, pick, put, cut) => {
        const at = pick % (text.length + 1);
        const broken = Buffer.from(text.slice(0, at) + put + text.slice(at + cut));
        let keys: readonly string[] | undefined;
        try {
          keys = topLevelMembers(broken).map((member) => member.key);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
        const parsed = parsedObject(broken.toString());
        if (parsed !== undefined && !misreadByV8.test(broken.toString()))
          expect(new Set(keys)).toEqual(new Set(Object.keys(parsed)));
      },
      500,
    ));

  test('sees the sign with which a text begins, at whatever depth', () =>
    holds([fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('/', '$', ':', '#')], (rest, sign) => {
      const json = Buffer.from(JSON.stringify({ rest, input: [{ content: [{ text: `${sign}x` }] }] }));
      expect(hasTextBeginningWith(json, sign)).toBe(true);
    }));
});

function parsedObject(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
