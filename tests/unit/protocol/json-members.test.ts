import { describe, expect, test } from '@jest/globals';
import {
  arrayElements,
  hasTextBeginningWith,
  insertIntoArray,
  replaceMembers,
  replaceValue,
  type JsonMember,
  topLevelMembers,
} from '../../../middleware/protocol/json/json-members.ts';

function members(text: string): Record<string, string> {
  const json = Buffer.from(text);
  return Object.fromEntries(
    topLevelMembers(json).map((m) => [m.key, json.toString('utf8', m.valueStart, m.valueEnd)]),
  );
}

describe('topLevelMembers', () => {
  test('nested objects, strings with brackets, escapes and long strings are passed over whole', () => {
    const long = 'x'.repeat(100) + '\\"' + 'y'.repeat(100) + '\\\\';
    const text = `{"model":"gpt-5","input":[{"a":"}]\\"{"},[[]]], "long" : "${long}" ,"n":-1.5e3,"t":true,"z":null}`;
    expect(members(text)).toEqual({
      model: '"gpt-5"',
      input: '[{"a":"}]\\"{"},[[]]]',
      long: `"${long}"`,
      n: '-1.5e3',
      t: 'true',
      z: 'null',
    });
    expect(Object.keys(JSON.parse(text) as object)).toEqual(Object.keys(members(text)));
  });

  test('a backslash run before a quote ends the string exactly where JSON.parse ends it, at every length', () => {
    for (let lead = 0; lead < 60; lead += 1) {
      for (let slashes = 0; slashes < 5; slashes += 1) {
        const text = JSON.stringify({
          a: 'x'.repeat(lead) + '\\'.repeat(slashes) + '"' + 'y'.repeat(60),
          b: 1,
        });
        expect(members(text)).toEqual({ a: JSON.stringify((JSON.parse(text) as { a: string }).a), b: '1' });
      }
    }
  });

  test('an escaped key is the key that it stands for', () => {
    expect(members('{"mod\\u0065l":"x"}')).toEqual({ model: '"x"' });
  });

  test('a key that comes twice is given twice, in order', () => {
    expect(topLevelMembers(Buffer.from('{"a":1,"a":2}')).map((m) => m.key)).toEqual(['a', 'a']);
  });

  test('a buffer is scanned once, however many ask for its members', () => {
    const json = Buffer.from('{"a":1}');
    expect(topLevelMembers(json)).toBe(topLevelMembers(json));
  });

  test('a byte order mark and white space around everything are passed over', () => {
    expect(members('\ufeff { "a" :\n1 } \r\n')).toEqual({ a: '1' });
    expect(members('{}')).toEqual({});
  });

  for (const [text, reason] of [
    ['', 'expected an object at the end of the body'],
    ['[]', 'expected an object at byte 0'],
    ['{"a":1', 'expected "," or "}" at the end of the body'],
    ['{"a" 1}', 'expected ":" at byte 5'],
    ['{a:1}', 'expected a key in double quotes at byte 1'],
    ['{"a":1,}', 'expected a key in double quotes at byte 7'],
    ['{"a":}', 'expected a value at byte 5'],
    ['{"a":"x}', 'expected a closing quote at the end of the body'],
    ['{"a":[1}', 'expected "," or "}" at the end of the body'],
    ['{"a":[', 'expected a closing bracket at the end of the body'],
    ['{"a":1} x', 'expected the end at byte 8'],
  ] as const) {
    test(`${JSON.stringify(text)} is refused: ${reason}`, () => {
      expect(() => topLevelMembers(Buffer.from(text))).toThrow(new SyntaxError(reason));
    });
  }
});

describe('arrayElements', () => {
  const elementsOf = (list: string): readonly string[] | undefined => {
    const json = Buffer.from(`{"a":1,"list":${list},"z":[{"b":2}]}`);
    const member = topLevelMembers(json).find(({ key }) => key === 'list');
    const spans = member && arrayElements(json, member);
    return spans?.map(({ start, end }) => json.toString('utf8', start, end));
  };

  test('the elements of a list are given as they are written, objects or not', () => {
    expect(elementsOf('[ {"a":"},{"} ,\n{"b":[{"c":1}]}]')).toEqual(['{"a":"},{"}', '{"b":[{"c":1}]}']);
    expect(elementsOf('[{"a":1},"x",2,[{"b":3}]]')).toEqual(['{"a":1}', '"x"', '2', '[{"b":3}]']);
    expect(elementsOf('[]')).toEqual([]);
    expect(elementsOf('"text"')).toBeUndefined();
  });

  test('a list of more objects than are noted while it is scanned has all of them', () => {
    const list = Array.from({ length: 10_001 }, (_, at) => ({ at }));
    expect(elementsOf(JSON.stringify(list))).toEqual(list.map((one) => JSON.stringify(one)));
  });

  for (const list of ['[{"a":1}{"b":2}]', '[{"a":1},]', '[{"a":1}}', '[{"a":1} 2]']) {
    test(`${list} is scanned past, and refused when its elements are asked for`, () => {
      expect(topLevelMembers(Buffer.from(`{"list":${list},"z":1}`)).map(({ key }) => key)).toEqual([
        'list',
        'z',
      ]);
      expect(() => elementsOf(list)).toThrow(SyntaxError);
    });
  }

  test('a list in which something is nested too deep is refused at the same byte as any other value', () => {
    const deep = (levels: number): Buffer =>
      Buffer.from(`{"list":[{"a":${'['.repeat(levels)}${']'.repeat(levels)}}]}`);
    expect(topLevelMembers(deep(997))).toHaveLength(1);
    expect(() => topLevelMembers(deep(998))).toThrow('nested deeper than 1000 levels at byte 1011');
  });
});

describe('hasTextBeginningWith', () => {
  test('texts count at every depth where they are values, with a space before the sign or after the colon', () => {
    const beginsWithSlash = (text: string): boolean => hasTextBeginningWith(Buffer.from(text), '/');
    for (const text of ['{"a":"/"}', '{"a": "/"}', '{"a":" /"}', '{"a":[{"b":[{"c":"/x"}]}]}']) {
      expect(beginsWithSlash(text)).toBe(true);
    }
    for (const text of [
      '{"/":"a"}',
      '{"a":["/"]}',
      '{"a":"x/"}',
      '{"a":"  /"}',
      '{"a":"O"}',
      '{"a":"o"}',
      '{}',
    ]) {
      expect(beginsWithSlash(text)).toBe(false);
    }
  });

  test('every sign and digit is told from the others', () => {
    const signs = Array.from({ length: 32 }, (_, i) => String.fromCharCode(0x20 + i));
    for (const sign of signs.filter((each) => each !== '"' && each !== ' ')) {
      const json = Buffer.from(JSON.stringify({ a: sign }));
      expect(signs.filter((each) => hasTextBeginningWith(json, each))).toEqual([sign]);
    }
  });
});

describe('replaceValue and replaceMembers', () => {
  const json = Buffer.from('{ "a" : 1 , "b":"x", "c" : [2] }');
  const [a, b, c] = topLevelMembers(json);

  test('only the value changes', () => {
    expect(replaceValue(json, b!, '"y"').toString()).toBe('{ "a" : 1 , "b":"y", "c" : [2] }');
  });

  test('the first, a middle and the last member go with their comma and the rest still parses', () => {
    const without = (...gone: JsonMember[]): string =>
      replaceMembers(json, new Map(gone.map((member) => [member, undefined]))).toString();
    expect(without(a!)).toBe('{ "b":"x", "c" : [2] }');
    expect(without(b!)).toBe('{ "a" : 1 , "c" : [2] }');
    expect(without(c!)).toBe('{ "a" : 1 , "b":"x" }');
    expect(without(a!, c!)).toBe('{ "b":"x" }');
    expect(without(b!, c!)).toBe('{ "a" : 1 }');
    expect(without(a!, b!, c!)).toBe('{  }');
    const single = Buffer.from('{"a":1}');
    expect(replaceMembers(single, new Map([[topLevelMembers(single)[0]!, undefined]])).toString()).toBe('{}');
  });

  test('some members change while others go, in one pass', () => {
    const changes = new Map([
      [a!, '2'],
      [b!, undefined],
    ]);
    expect(replaceMembers(json, changes).toString()).toBe('{ "a" : 2 , "c" : [2] }');
  });
});

describe('insertIntoArray', () => {
  const json = Buffer.from('{"model":"m", "tools" : [ {"name":"a"} ],"input":[{"text":"x"}],"stream":true}');
  const [, tools, input] = topLevelMembers(json);

  test.each([
    ['behind the last element', tools, 1],
    ['into an array within the value', input, 0],
  ])('%s: the members of the new text are those that a scan finds', (_, member, place) => {
    if (member === undefined) throw new Error('no member');
    const at = place === 1 ? (arrayElements(json, member)?.[0]?.end ?? 0) : member.valueStart + 1;
    const added =
      place === 1 ? [Buffer.from(','), Buffer.from('{"name":"/b"}')] : [Buffer.from('{"name":"/b"},')];
    const whole = insertIntoArray(json, { member, at }, added);
    expect(JSON.parse(whole.toString())).toMatchObject({ model: 'm', stream: true });
    expect(topLevelMembers(whole)).toEqual(topLevelMembers(Buffer.from(whole)));
    expect(hasTextBeginningWith(whole, '/')).toBe(true);
    expect(hasTextBeginningWith(json, '/')).toBe(false);
  });

  test('what is nested deeper than a body may be is refused', () => {
    if (tools === undefined) throw new Error('no member');
    const deep = Buffer.from('['.repeat(1_000) + ']'.repeat(1_000));
    expect(() => insertIntoArray(json, { member: tools, at: tools.valueStart + 1 }, [deep])).toThrow(
      'nested deeper',
    );
  });
});
