import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../middleware/platform/config/scopes/read-settings.ts';

function read(text: string | Buffer): ReturnType<typeof readSettings> {
  return readSettings(Buffer.from(text));
}

function places(text: string): readonly string[] {
  const parsed = read(text);
  const faults = parsed.kind === 'broken' ? [parsed.fault] : parsed.faults;
  return faults.map(
    ({ line, column, path, leftOut }) => `${leftOut} ${path} at ${String(line)}:${String(column)}`,
  );
}

describe('readSettings', () => {
  test('numbers and booleans in env become text, as in Claude Code 2.1.329 [CFG-1]', () => {
    expect(read('{"env":{"PORT":5,"ON":true,"NAME":"x"}}')).toEqual({
      kind: 'good',
      value: { env: { PORT: '5', ON: 'true', NAME: 'x' } },
      faults: [],
    });
  });

  test('a rule that is none is left out and named, its neighbours and the rest count, as in Claude Code 2.1.329 [CFG-1]', () => {
    const parsed = read(`{
  "permissions": { "allow": ["Bash(make *)", 7, "two words(", " Edit", "A,B", "mcp__srv__*"] },
  "hooks": { "Stop": [] }
}`);
    expect(parsed).toMatchObject({
      kind: 'good',
      value: { permissions: { allow: ['Bash(make *)', 'mcp__srv__*'] }, hooks: { Stop: [] } },
    });
    expect(parsed.kind === 'good' && parsed.faults).toEqual(
      [
        [1, 46],
        [2, 49],
        [3, 63],
        [4, 72],
      ].map(([index, column]) => ({
        line: 2,
        column,
        path: `permissions.allow[${index}]`,
        reason: 'must be a rule such as Bash(npm run *); it is left out',
        leftOut: 'entry',
      })),
    );
  });

  test('a list of rules that nobody writes by hand costs the file, so that no rule is lost without a word [CFG-1]', () => {
    const parsed = read(JSON.stringify({ permissions: { deny: Array(2_001).fill('Read(./x)') } }));
    expect(parsed).toMatchObject({
      kind: 'broken',
      fault: { path: 'permissions.deny', reason: 'has 2001 entries, more than 2000', leftOut: 'file' },
    });
  });

  test('a byte order mark is fine, an empty file says nothing, unknown keys are kept, as in Claude Code 2.1.329 [CFG-1]', () => {
    expect(read('\ufeff{"model":"m"}')).toMatchObject({ value: { model: 'm' } });
    expect(read(' \n')).toEqual({ kind: 'good', value: {}, faults: [] });
    expect(read('{"includeCoAuthoredBy":false,"statusLine":{"type":"command"}}')).toMatchObject({
      value: { includeCoAuthoredBy: false, statusLine: { type: 'command' } },
      faults: [],
    });
  });

  for (const [what, text, place] of [
    ['a comma before the end', '{"env": {"A": "x"},}', 'file  at 1:20'],
    ['a comment', '{\n  // why\n  "model": "m"\n}', 'file  at 2:3'],
    ['a list instead of an object', '[]', 'file  at undefined:undefined'],
    ['a rule list that is a text', '{"permissions":\n {"allow": "Bash"}}', 'file permissions.allow at 2:12'],
    ['permissions that are a list', '{"permissions":[]}', 'file permissions at 1:16'],
  ] as const) {
    test(`${what} makes the whole file invalid, as in Claude Code 2.1.329, and here it is told [CFG-1]`, () => {
      expect(read(text).kind).toBe('broken');
      expect(places(text)).toEqual([place]);
    });
  }

  test('a known key of a wrong type is left out alone, so that a weaker file may set it [CFG-1]', () => {
    const text =
      '{"model":1,"disableAllHooks":"yes","env":[],"permissions":{"defaultMode":2},"allowedMcpServers":["x"],"x":1}';
    expect(read(text)).toMatchObject({ value: { permissions: {}, allowedMcpServers: [], x: 1 } });
    expect(places(text)).toEqual([
      'entry model at 1:10',
      'entry disableAllHooks at 1:30',
      'entry env at 1:42',
      'entry permissions.defaultMode at 1:74',
      'entry allowedMcpServers[0] at 1:98',
    ]);
  });

  test('UTF-16 is named as what it is [CFG-1]', () => {
    expect(read(Buffer.from('\ufeff{}', 'utf16le'))).toMatchObject({
      fault: { reason: 'is UTF-16; save it as UTF-8' },
    });
  });

  test('what is wrong is said without a word of the file, which may hold secrets [SEC-3]', () => {
    const secret = `sk-${'a1'.repeat(12)}`;
    for (const text of [
      `{"env":{"KEY":"${secret}"}`,
      `{"env":{"KEY":${secret}}}`,
      `{"permissions":{"allow":["${secret} x"]}}`,
    ]) {
      const told = JSON.stringify(read(text), ['fault', 'faults', 'reason']);
      expect(told).toContain('"reason"');
      expect(told).not.toContain(secret);
    }
  });

  test('nesting without end is refused, and does not bring the reader down', () => {
    const text = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(read(text)).toMatchObject({
      kind: 'broken',
      fault: { reason: 'is nested deeper than 64 levels' },
    });
  });

  test('of many bad entries the first are named and the others counted', () => {
    const parsed = read(JSON.stringify({ permissions: { allow: Array.from({ length: 1_500 }, () => 1) } }));
    expect(parsed.kind === 'good' && parsed.faults.length).toBe(21);
    expect(parsed.kind === 'good' && parsed.faults.at(-1)?.reason).toBe(
      'has 1480 more entries that are left out',
    );
  });
});
