import { describe, expect, test } from '@jest/globals';
import { HiddenTurns, type HiddenTurn } from '../../../middleware/features/sessions/hidden-turns.ts';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';

function turn(length: number): HiddenTurn {
  const item = { type: 'message', text: 'x'.repeat(length) };
  return {
    parts: [{ kind: 'hidden', historyItem: { kind: 'said', item } }],
    texts: [],
    asked: undefined,
    told: new Map(),
  };
}

describe('the memory of answers that clients have not seen all of', () => {
  test('forgets the conversations unused for longest where the answers together are too long', () => {
    const sessions = new Sessions({ maxTotalSize: 1_000 });
    const turns = new HiddenTurns(sessions);
    turns.add('a', turn(300), 'k');
    turns.add('b', turn(300), 'k');
    expect(sessions.find('a')).toBeDefined();
    turns.add('c', turn(300), 'k');
    expect(
      [sessions.find('a'), sessions.find('b'), sessions.find('c')].map((found) => found !== undefined),
    ).toEqual([true, false, true]);
  });

  test('forgets the first answers of one conversation that alone is too long', () => {
    const sessions = new Sessions({ maxTotalSize: 1_000 });
    const turns = new HiddenTurns(sessions);
    for (const key of ['1', '2', '3']) turns.add('a', turn(600), key);
    expect(sessions.find('a')?.turns.behind('2')).toEqual([]);
    expect(sessions.find('a')?.turns.behind('3')).toHaveLength(1);
  });

  test('counts an answer again that has grown, and one by its id as well', () => {
    const sessions = new Sessions({ maxTotalSize: 1_000 });
    const turns = new HiddenTurns(sessions);
    const growing = turn(100);
    turns.add('a', turn(100), 'k');
    turns.add('b', growing, 'k');
    growing.parts = turn(900).parts;
    turns.grown('b', growing);
    expect(sessions.find('a')).toBeUndefined();
    expect(sessions.find('b')).toBeDefined();
    turns.chain('one', { id: 'one', turn: turn(600), from: 0 });
    turns.chain('two', { id: 'two', turn: turn(600), from: 0 });
    expect([turns.chained('one'), turns.chained('two')?.id]).toEqual([undefined, 'two']);
  });
});
