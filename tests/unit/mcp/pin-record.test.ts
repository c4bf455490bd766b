import { describe, expect, test } from '@jest/globals';
import { changedParts, fingerprintOf } from '../../../middleware/features/mcp/definitions/fingerprint.ts';
import {
  formatPinRecord,
  isAccepted,
  parsePinRecord,
  withAccepted,
  withSeen,
  type PinRecord,
} from '../../../middleware/features/mcp/definitions/pin-record.ts';

/** Names of one server that are learned, no more. */
const maxPinned = 1_000;
const none: PinRecord = new Map();
const tool = { name: 'a', description: 'Does a.', inputSchema: { type: 'object' as const } };
const seen = (fingerprint: string, name = 'a') => ({
  ...{ name, fingerprint },
  held: (before: string) => ({ fingerprint, changed: changedParts(before, fingerprint, tool), mark: 'm' }),
});

describe('what is remembered of a tool', () => {
  test('is the same object where nothing is new [MCP-2]', () => {
    const record = withSeen(none, [seen('1.1.1.1'), seen('2.2.2.2', 'b')]);
    expect(withSeen(record, [seen('2.2.2.2', 'b'), seen('1.1.1.1')])).toBe(record);
    const held = withSeen(record, [seen('1.9.1.9')]);
    expect(withSeen(held, [seen('1.9.1.9')])).toBe(held);
    expect(held.get('a')?.held?.changed).toEqual([
      { part: 'input schema', now: '{"type":"object"}' },
      { part: 'annotations', now: 'none' },
    ]);
  });

  test('is what was accepted: a held definition is dropped where the tool has the old one again [MCP-2]', () => {
    const record = withSeen(none, [seen('1.1.1.1')]);
    const held = withSeen(record, [seen('2.1.1.1')]);
    expect(isAccepted(held, seen('2.1.1.1'))).toBe(false);
    expect(withSeen(held, [seen('1.1.1.1')]).get('a')?.held).toBeUndefined();
    // It was changed once more since somebody read it.
    expect(withAccepted(withSeen(held, [seen('3.1.1.1')]), [seen('2.1.1.1')]).get('a')?.held).toBeDefined();
    expect(isAccepted(withAccepted(held, [seen('2.1.1.1')]), seen('2.1.1.1'))).toBe(true);
  });

  test('has the same mark where a held definition is told again, behind others as well [MCP-2]', () => {
    let marks = 0;
    const counted = (fingerprint: string) => ({
      ...seen(fingerprint),
      held: () => ({ fingerprint, changed: [], mark: `m${(marks += 1)}` }),
    });
    const markBehind = (...told: readonly string[]): string | undefined =>
      told.reduce((record, one) => withSeen(record, [counted(one)]), none).get('a')?.held?.mark;
    expect(markBehind('1.1.1.1', '2.1.1.1', '1.1.1.1', '1.1.1.1', '2.1.1.1')).toBe('m1');
    expect(markBehind('1.1.1.1', '2.1.1.1', '3.1.1.1', '2.1.1.1')).toBe('m2');
    expect(marks).toBe(3);
    const left = withSeen(withSeen(withSeen(none, [seen('1.1.1.1')]), [seen('2.1.1.1')]), [seen('1.1.1.1')]);
    expect(withSeen(left, [seen('1.1.1.1')])).toBe(left);
    expect(parsePinRecord(formatPinRecord(left, 'one'))).toEqual(left);
  });

  test('is one held definition, as long as it is told, where a server tells several at once [MCP-2]', () => {
    const both = [seen('1.1.1.1'), seen('2.1.1.1')];
    const record = withSeen(none, both);
    expect(record.get('a')).toMatchObject({ accepted: ['1.1.1.1'], held: { fingerprint: '2.1.1.1' } });
    expect(withSeen(record, both)).toBe(record);
    const others = [seen('3.1.1.1'), seen('2.1.1.1')];
    expect(withSeen(record, others)).toBe(record);
    const accepted = withAccepted(record, [seen('2.1.1.1')]);
    expect(withSeen(accepted, others).get('a')?.held?.fingerprint).toBe('3.1.1.1');
  });

  test('never falls out because a server thinks up other names [MCP-2]', () => {
    const known = withSeen(none, [seen('1.1.1.1')]);
    const flood = Array.from({ length: maxPinned + 5 }, (_, at) => seen('5.5.5.5', `t${at}`));
    const record = withSeen(known, flood);
    expect(record.size).toBe(maxPinned);
    expect(isAccepted(record, seen('1.1.1.1'))).toBe(true);
    expect(isAccepted(record, seen('5.5.5.5', `t${maxPinned + 4}`))).toBe(false);
  });

  test('keeps the last few definitions that were accepted [MCP-2]', () => {
    let record = withSeen(none, [seen('0.0.0.0')]);
    for (const at of ['1', '2', '3', '4'])
      record = withAccepted(withSeen(record, [seen(`${at}.0.0.0`)]), [seen(`${at}.0.0.0`)]);
    expect(record.get('a')?.accepted).toEqual(['1.0.0.0', '2.0.0.0', '3.0.0.0', '4.0.0.0']);
  });

  test('is read as it was written, under any name, and not where it is anything else [MCP-2]', () => {
    const record = withSeen(withSeen(none, [seen('1.1.1.1', '__proto__'), seen('1.1.1.1')]), [
      seen('2.1.1.1'),
    ]);
    expect(parsePinRecord(formatPinRecord(record, 'one'))).toEqual(record);
    for (const text of [
      '',
      '[]',
      '{}',
      '{"tools":[]}',
      '{"tools":{"a":{"accepted":[]}}}',
      '{"tools":{"a":{"accepted":[1]}}}',
    ])
      expect(parsePinRecord(text)).toBeUndefined();
  });
});

describe('the fingerprint of a definition', () => {
  test('is that of what models and clients go by, in whatever order it is written [MCP-2]', () => {
    const known = fingerprintOf(tool, '/w');
    const { name, description, inputSchema } = tool;
    expect(fingerprintOf({ inputSchema, description, name }, '/w')).toBe(known);
    const changed = [
      { ...tool, title: 'A' },
      { ...tool, description: 'Does b.' },
      { ...tool, inputSchema: { ...inputSchema, required: ['x'] } },
      { ...tool, outputSchema: inputSchema },
      { ...tool, annotations: { readOnlyHint: true } },
      // What no model is told goes to clients at our endpoint.
      { ...tool, _meta: { 'ui/resourceUri': 'ui://a' } },
      { ...tool, icons: [{ src: 'https://a.example/i.png' }] },
      { ...tool, execution: { taskSupport: 'required' as const } },
      { ...tool, extension: 1 },
    ];
    expect(new Set([known, ...changed.map((one) => fingerprintOf(one, '/w'))]).size).toBe(10);
  });

  test('has what was changed told, with a bound [MCP-2]', () => {
    const now = { ...tool, title: 'A\u202e', _meta: { text: 'x'.repeat(10_000) } };
    const parts = changedParts(fingerprintOf(tool, '/w'), fingerprintOf(now, '/w'), now);
    expect(parts.map(({ part }) => part)).toEqual(['description', 'other members']);
    expect(parts[0]?.now).toBe('A\\u{202e}\nDoes a.');
    expect(parts[1]?.now).toMatch(/^\{"_meta":\{"text":"x+… and [0-9]+ more characters$/);
  });

  test('does not count which folder the tool is used in [MCP-2]', () => {
    const at = (folder: string) => ({ ...tool, description: `Reads ${folder} and below.` });
    expect(fingerprintOf(at('/a "b"'), '/a "b"')).toBe(fingerprintOf(at('/c'), '/c'));
    expect(fingerprintOf(at('/c'), '/')).not.toBe(fingerprintOf(at('/d'), '/'));
  });
});
