import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CalmedEvents } from '../../../middleware/features/mcp/client/calmed-events.ts';
import { ListReader } from '../../../middleware/features/mcp/client/list-reader.ts';

const { signal } = new AbortController();
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a list of a server', () => {
  const options = { maxMs: 60_000, now: () => 0 };

  test('is asked for once by all who want it at the same time, or soon after [MCP-5]', async () => {
    let reads = 0;
    const reader = new ListReader({ ...options, read: () => Promise.resolve([(reads += 1)]) });
    expect(await Promise.all([reader.items(signal), reader.items(signal)])).toEqual([[1], [1]]);
    expect(await reader.items(signal)).toEqual([1]);
    reader.changed();
    expect(await reader.items(signal)).toEqual([2]);
  });

  test('is the same object for as long as the server tells the same, also after a change [MCP-5]', async () => {
    let told = ['a'];
    const reader = new ListReader({ ...options, read: () => Promise.resolve([...told]) });
    const first = await reader.items(signal);
    reader.changed();
    expect(await reader.items(signal)).toBe(first);
    told = ['b'];
    reader.changed();
    expect(await reader.items(signal)).toEqual(['b']);
  });

  test('is recent for a minute, until it is changed [MCP-5]', async () => {
    let now = 0;
    let reads = 0;
    const reader = new ListReader({
      ...options,
      now: () => now,
      read: () => Promise.resolve([(reads += 1)]),
    });
    expect(await reader.recent(signal)).toEqual([1]);
    now = 59_000;
    expect(await reader.recent(signal)).toEqual([1]);
    expect(await reader.items(signal)).toEqual([2]);
    reader.changed();
    expect(await reader.recent(signal)).toEqual([3]);
    now = 120_000;
    expect(await reader.recent(signal)).toEqual([4]);
  });

  test('is asked for by one at a time, and anew for those who come after a change [MCP-5]', async () => {
    const reads: PromiseWithResolvers<readonly string[]>[] = [];
    const reader = new ListReader({
      ...options,
      read: () => {
        const read = Promise.withResolvers<readonly string[]>();
        reads.push(read);
        return read.promise;
      },
    });
    const first = reader.items(signal);
    const later: Promise<readonly string[]>[] = [];
    for (let at = 0; at < 100; at += 1) {
      reader.changed();
      later.push(reader.items(signal));
    }
    expect(reads).toHaveLength(1);
    reads[0]?.resolve(['old']);
    expect(await first).toEqual(['old']);
    await settled();
    expect(reads).toHaveLength(2);
    reads[1]?.resolve(['new']);
    expect(new Set((await Promise.all(later)).flat())).toEqual(new Set(['new']));
  });

  test('is asked for to the end where the first who wanted it leaves, and again after it failed [MCP-5]', async () => {
    const answers = [Promise.withResolvers<readonly string[]>(), Promise.withResolvers<readonly string[]>()];
    let reads = 0;
    const reader = new ListReader({
      ...options,
      read: () => answers[reads++]?.promise ?? Promise.resolve([]),
    });
    const leaving = new AbortController();
    const left = reader.items(leaving.signal);
    const other = reader.items(signal);
    leaving.abort(new Error('the client left'));
    await expect(left).rejects.toThrow('the client left');
    answers[0]?.reject(new Error('it failed'));
    await expect(other).rejects.toThrow('it failed');
    answers[1]?.resolve(['x']);
    expect(await reader.items(signal)).toEqual(['x']);
  });
});

describe('what a server tells again and again', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('is passed on at once, twice a second at most, and never forgotten [MCP-5]', () => {
    const passed: string[] = [];
    const events = new CalmedEvents((event) => {
      passed.push(event.kind === 'changed' ? event.what : event.uri);
    });
    events.tell({ kind: 'changed', what: 'prompts' });
    for (let at = 0; at < 10_000; at += 1) events.tell({ kind: 'changed', what: 'tools' });
    expect(passed).toEqual(['prompts', 'tools']);
    jest.advanceTimersByTime(5_000);
    expect(passed).toEqual(['prompts', 'tools', 'tools']);
    events.tell({ kind: 'changed', what: 'tools' });
    expect(passed).toHaveLength(4);
    for (let at = 0; at < 10_000; at += 1) events.tell({ kind: 'updated', uri: `a:${at}` });
    expect(passed.length).toBeLessThan(1_010);
  });
});
