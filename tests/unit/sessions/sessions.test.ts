import { describe, expect, test } from '@jest/globals';
import type { Edit } from '../../../middleware/features/sessions/ledger.ts';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

function prompt(length: number): Edit {
  return { items: [{ role: 'user', content: [{ type: 'input_text', text: 'x'.repeat(length) }] }] };
}

function edit(sessions: Sessions, session: string, key: string, edited: Edit): void {
  sessions.open(session).ledger.edit(key, edited);
}

describe('the memory of changed conversations', () => {
  test('forgets the conversations unused for longest where the prompts together are too long', () => {
    const sessions = new Sessions({ maxTotalSize: 1_200 });
    const dropped: string[] = [];
    for (const session of ['a', 'b']) {
      edit(sessions, session, 'k', prompt(400));
      sessions.open(session).companion = { totalSize: 10, fellOut: () => dropped.push(session) };
    }
    expect(sessions.find('a')?.ledger.find('k')).toBeDefined();
    edit(sessions, 'c', 'k', prompt(400));
    expect(sessions.find('b')).toBeUndefined();
    expect(dropped).toEqual(['b']);
    expect(sessions.find('a')?.ledger.find('k')).toBeDefined();
    expect(sessions.find('c')?.ledger.find('k')).toBeDefined();
  });

  test('counts what a command is called with, while its question waits and behind the answer to it', () => {
    const sessions = new Sessions({ maxTotalSize: 1_200 });
    const call = { name: 'x', args: 'y'.repeat(600) };
    const approval = {
      ...{ askedAt: 'k', text: 'Allow?', workspace: '/p' },
      command: { itemKey: 'k', call },
      resolve: () => Promise.resolve(),
    };
    sessions.open('a').approvals.ask(approval);
    sessions.open('b').approvals.ask(approval);
    expect(sessions.find('a')).toBeUndefined();
    expect(sessions.find('b')?.approvals.isAskedAt('k')).toBe(true);
    sessions.open('b').approvals.answer(approval, { word: 'yes', at: 'r' });
    expect(sessions.find('b')?.approvals.isAskedAt('k')).toBe(false);
    sessions.open('a').approvals.ask(approval);
    expect(sessions.find('b')).toBeUndefined();
  });

  test('forgets the oldest of the answers of ours that clients may go on from, where they are too long', () => {
    const { keptAnswers } = new Sessions({ maxTotalSize: 1_000 });
    const answer = {
      previousId: undefined,
      behind: undefined,
      items: [Buffer.alloc(300), Buffer.alloc(100)],
    };
    for (const id of ['a', 'b', 'c']) keptAnswers.set(id, answer);
    expect(['a', 'b', 'c'].filter((id) => keptAnswers.get(id) !== undefined)).toEqual(['b', 'c']);
  });

  test('counts the names of conversations, answers and questions, which clients make as long as they like', () => {
    const sessions = new Sessions({ maxTotalSize: 1_000 });
    const [first, second] = ['a'.repeat(600), 'b'.repeat(600)] as const;
    const turn = {
      parts: [],
      texts: [],
      asked: undefined,
      place: '',
      behind: '',
      isBroken: false,
      deliveredTexts: [],
    };
    for (const key of [first, second]) {
      edit(sessions, key, 'k', {});
      sessions.chained.set(key, { id: 'x', turn, from: 0 });
      sessions.keptAnswers.set(key, { previousId: undefined, behind: undefined, items: [] });
    }
    expect(sessions.find(first)).toBeUndefined();
    expect(sessions.chained.get(first)).toBeUndefined();
    expect(sessions.keptAnswers.get(first)).toBeUndefined();
    const { turns } = sessions.open('c');
    turns.keep({ ...turn }, first);
    turns.ask({ ...turn }, second);
    expect(turns.totalSize).toBeGreaterThan(1_200);
  });

  test('counts the digests of what was said', () => {
    const sessions = new Sessions({ maxTotalSize: 3_000 });
    const answer = (text: string) => ({ text, dropsPrompt: true, isFinal: false });
    for (const session of ['a', 'b'])
      for (let text = 0; text < 40; text += 1)
        sessions.open(session).ledger.answer('k', answer(`text ${text}`));
    expect(sessions.find('a')).toBeUndefined();
  });

  test('counts an item that is nested as deep as a body is long', () => {
    const depth = 200_000;
    const deep = JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as JsonObject;
    const sessions = new Sessions();
    edit(sessions, 'a', 'k', { items: [deep] });
    expect(sessions.find('a')?.ledger.find('k')?.items?.[0] === deep).toBe(true);
  });

  test('counts a prompt that takes the place of another only once', () => {
    const sessions = new Sessions({ maxTotalSize: 1_200 });
    edit(sessions, 'a', 'k', prompt(300));
    for (let time = 0; time < 10; time += 1) edit(sessions, 'b', 'k', prompt(400));
    expect(sessions.find('a')).toBeDefined();
  });

  test('forgets the first prompts of one conversation that alone is too long, and keeps the newest', () => {
    const sessions = new Sessions({ maxTotalSize: 1_200 });
    for (const key of ['1', '2', '3']) edit(sessions, 'a', key, prompt(600));
    expect(sessions.find('a')?.ledger.find('2')).toBeUndefined();
    expect(sessions.find('a')?.ledger.find('3')).toBeDefined();
    edit(sessions, 'a', '4', prompt(5_000));
    expect(sessions.find('a')?.ledger.find('4')).toBeDefined();
  });

  test('is not overwritten by what was forgotten and is changed all the same', () => {
    const sessions = new Sessions({ maxTotalSize: 1_200 });
    const forgotten = sessions.open('a');
    edit(sessions, 'b', 'k', prompt(1_500));
    edit(sessions, 'a', 'k', prompt(10));
    forgotten.ledger.edit('other', prompt(10));
    expect(sessions.find('a')?.ledger.find('k')).toBeDefined();
  });

  test('keeps all that was changed at an item, and whatever is changed later beside it', () => {
    const { ledger } = new Sessions().open('a');
    ledger.edit('k', { contexts: ['one'], wordsBefore: 'first' });
    ledger.edit('k', { contexts: ['two'], replacement: { role: 'user' } });
    expect(ledger.find('k')).toEqual({
      contexts: ['two'],
      wordsBefore: 'first',
      replacement: { role: 'user' },
    });
  });
});

/** Of a client that names no conversation. */
function unnamed(body: JsonObject): Exchange {
  const exchange = exchangeWith({ body });
  return { ...exchange, turn: { ...exchange.turn, sessionId: undefined } };
}

describe('the conversation of an exchange', () => {
  test('has one name, which is found out once, and is unknown until something is changed in it', () => {
    const sessions = new Sessions();
    const exchange = unnamed({ model: 'm', input: 'hi' });
    expect(sessions.knownOf(exchange)).toBeUndefined();
    const key = sessions.keyOf(exchange) ?? '';
    const other = unnamed({ model: 'm', input: 'something else' });
    expect(sessions.keyOf({ ...exchange, received: other.received })).toBe(key);
    const memory = sessions.open(key);
    expect(sessions.knownOf(exchange)).toBe(memory);
    expect(sessions.knownOf(other)).toBeUndefined();
  });

  test('has none in a request without', () => {
    const sessions = new Sessions();
    sessions.open('other');
    const exchange = unnamed({ model: 'm' });
    expect([sessions.keyOf(exchange), sessions.knownOf(exchange)]).toEqual([undefined, undefined]);
  });
});
