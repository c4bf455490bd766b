import { describe, expect, test } from '@jest/globals';
import type { HiddenTurn } from '../../../middleware/features/sessions/session-turns.ts';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';

function turn(length: number): HiddenTurn {
  const item = { type: 'message', text: 'x'.repeat(length) };
  return {
    parts: [{ kind: 'hidden', historyItem: { kind: 'said', item } }],
    texts: [],
    asked: undefined,
    deliveredTexts: [],
    ...{ place: '', behind: '', isBroken: false },
  };
}

describe('the memory of answers that clients have not seen all of', () => {
  test('forgets the conversations unused for longest where the answers together are too long', () => {
    const sessions = new Sessions({ maxTotalSize: 1_000 });
    sessions.open('a').turns.keep(turn(300), 'k');
    sessions.open('b').turns.keep(turn(300), 'k');
    expect(sessions.find('a')).toBeDefined();
    sessions.open('c').turns.keep(turn(300), 'k');
    expect(
      [sessions.find('a'), sessions.find('b'), sessions.find('c')].map((found) => found !== undefined),
    ).toEqual([true, false, true]);
  });

  test('forgets the first answers of one conversation that alone is too long', () => {
    const sessions = new Sessions({ maxTotalSize: 1_000 });
    for (const key of ['1', '2', '3']) sessions.open('a').turns.keep(turn(600), key);
    expect(sessions.find('a')?.turns.behind('2')).toEqual([]);
    expect(sessions.find('a')?.turns.behind('3')).toHaveLength(1);
  });

  test('counts an answer again that has grown, and one by its id as well', () => {
    const sessions = new Sessions({ maxTotalSize: 1_000 });
    const growing = turn(100);
    sessions.open('a').turns.keep(turn(100), 'k');
    sessions.open('b').turns.keep(growing, 'k');
    growing.parts = turn(900).parts;
    sessions.open('b').turns.keep(growing, 'k');
    expect(sessions.find('a')).toBeUndefined();
    expect(sessions.find('b')).toBeDefined();
    sessions.chained.set('one', { id: 'one', turn: turn(600), from: 0 });
    sessions.chained.set('two', { id: 'two', turn: turn(600), from: 0 });
    expect([sessions.chained.get('one'), sessions.chained.get('two')?.id]).toEqual([undefined, 'two']);
  });

  test('tells the places of a question apart, however many are forgotten', () => {
    const { turns } = new Sessions().open('a');
    const ask = (which: number): void => {
      const item = { type: 'function_call', call_id: `c${which}`, arguments: `{"x":${which}}` };
      const asked = {
        ...{
          item,
          named: { callId: `c${which}`, tool: 'rm' },
          asks: 'q',
          said: [item],
          outputs: [],
          workspace: undefined,
        },
        ...{ resolve: () => Promise.resolve(), run: undefined, open: undefined, word: undefined },
        ...{ settlements: new Map(), underWay: new Map() },
      };
      turns.ask({ ...turn(1), asked, place: `place ${which}` }, 'q');
    };
    for (let which = 0; which < 700; which += 1) ask(which);
    const unclear = Array.from({ length: 700 }, (_, which) => turns.hasForgotten('q', `place ${which}`));
    expect(unclear.slice(0, 700 - 64)).not.toContain(false);
    expect(unclear.at(-1)).toBe(false);
    expect(turns.hasForgotten('q')).toBe(true);
  });
});
