import { describe, expect, test } from '@jest/globals';
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
const seen = (fingerprint: string, name = 'a') => ({
  ...{ name, fingerprint },
  isAs: (known: string) => known === fingerprint,
  held: (before: string) => ({
    ...{ fingerprint, mark: 'm' },
    changed: [{ part: 'description' as const, now: `not ${before}` }],
  }),
});

describe('what is remembered of a tool', () => {
  test('is the same object where nothing is new [MCP-2]', () => {
    const record = withSeen(none, [seen('1.1.1.1'), seen('2.2.2.2', 'b')]);
    expect(withSeen(record, [seen('2.2.2.2', 'b'), seen('1.1.1.1')])).toBe(record);
    const held = withSeen(record, [seen('1.9.1.9')]);
    expect(withSeen(held, [seen('1.9.1.9')])).toBe(held);
    expect(held.get('a')?.held?.changed).toEqual([{ part: 'description', now: 'not 1.1.1.1' }]);
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
