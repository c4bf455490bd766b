import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { SessionMemory, type Rewrite } from '../../../middleware/features/sessions/session-memory.ts';

function prompt(length: number): Rewrite {
  const items = [{ role: 'user', content: [{ type: 'input_text', text: 'x'.repeat(length) }] }];
  return { items, localAnswer: undefined, model: undefined, effort: undefined, called: undefined };
}

describe('the memory of changed conversations', () => {
  test('forgets the conversations unused for longest where the prompts together are too long', () => {
    const memory = new SessionMemory({ maxTotalSize: 1_200 });
    memory.remember('a', 'k', prompt(400));
    memory.remember('b', 'k', prompt(400));
    expect(memory.find('a')?.rewrites.get('k')).toBeDefined();
    memory.remember('c', 'k', prompt(400));
    expect(memory.find('b')).toBeUndefined();
    expect(memory.find('a')?.rewrites.get('k')).toBeDefined();
    expect(memory.find('c')?.rewrites.get('k')).toBeDefined();
  });

  test('counts what a command is called with, while its question waits', () => {
    const memory = new SessionMemory({ maxTotalSize: 1_200 });
    const answered = (): Promise<void> => Promise.resolve();
    const call = { name: 'x', args: 'y'.repeat(600) };
    const at = { itemKey: 'k', askedAt: 'k', text: 'Allow?', exchangeId: 'e', workspace: '/p' };
    const question = { ...at, call, answered };
    memory.ask('a', question);
    memory.ask('b', question);
    expect(memory.find('a')).toBeUndefined();
    expect(memory.find('b')?.question).toBe(question);
    memory.ask('b', undefined);
    memory.ask('a', question);
    expect(memory.find('b')).toBeDefined();
  });

  test('counts the digests of what was said', () => {
    const memory = new SessionMemory({ maxTotalSize: 1_200 });
    for (let text = 0; text < 20; text += 1) memory.say('a', `text ${text}`);
    for (let text = 0; text < 20; text += 1) memory.say('b', `text ${text}`);
    expect(memory.find('a')).toBeUndefined();
  });

  test('counts an item that is nested as deep as a body is long', () => {
    const depth = 200_000;
    const deep = JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as JsonObject;
    const memory = new SessionMemory();
    memory.remember('a', 'k', { ...prompt(1), items: [deep] });
    expect(memory.find('a')?.rewrites.get('k')?.items[0] === deep).toBe(true);
  });

  test('counts a prompt that takes the place of another only once', () => {
    const memory = new SessionMemory({ maxTotalSize: 1_200 });
    memory.remember('a', 'k', prompt(300));
    for (let time = 0; time < 10; time += 1) memory.remember('b', 'k', prompt(400));
    expect(memory.find('a')).toBeDefined();
  });

  test('forgets the first prompts of one conversation that alone is too long, and keeps the newest', () => {
    const memory = new SessionMemory({ maxTotalSize: 1_200 });
    for (const key of ['1', '2', '3']) memory.remember('a', key, prompt(600));
    expect(memory.find('a')?.rewrites.get('2')).toBeUndefined();
    expect(memory.find('a')?.rewrites.get('3')).toBeDefined();
    memory.remember('a', '4', prompt(5_000));
    expect(memory.find('a')?.rewrites.get('4')).toBeDefined();
  });
});
