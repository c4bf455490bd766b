import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { CalmedEvents } from '../../../middleware/features/mcp/client/calmed-events.ts';
import type { ServerEvent } from '../../../middleware/features/mcp/connection.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const updated = (uri: string): ServerEvent => ({ kind: 'updated', uri });

test('addresses that are longer than any are not told [MCP-5]', () => {
  const told: ServerEvent[] = [];
  const events = new CalmedEvents((event) => told.push(event));
  events.tell(updated(`note://${'x'.repeat(50_000)}`));
  const long = updated(`note://${'x'.repeat(8_000)}`);
  events.tell(long);
  expect(told).toEqual([long]);
});

test('long addresses are told as often as they can be looked through, again and again [MCP-5]', () => {
  const told: ServerEvent[] = [];
  const events = new CalmedEvents((event) => told.push(event));
  for (let round = 1; round <= 5; round += 1) {
    const before = told.length;
    for (let at = 0; at < 900; at += 1) events.tell(updated(`note://${round}/${at}/${'x'.repeat(8_000)}`));
    expect(told.length - before).toBeGreaterThan(10);
    expect(told.length - before).toBeLessThan(20);
    // What is told already is told again, and so are lists.
    events.tell(updated(`note://${round}/0/${'x'.repeat(8_000)}`));
    events.tell({ kind: 'changed', what: 'tools' });
    expect(told.at(-1)).toEqual({ kind: 'changed', what: 'tools' });
    jest.advanceTimersByTime(2_000);
  }
});

test('a list that changed is told however many resources are updated at the same time [MCP-5]', () => {
  const told: ServerEvent[] = [];
  const events = new CalmedEvents((event) => told.push(event));
  for (let at = 0; at < 2_000; at += 1) events.tell({ kind: 'updated', uri: `note://${at}` });
  expect(told).toHaveLength(1_000);
  events.tell({ kind: 'changed', what: 'tools' });
  expect(told.at(-1)).toEqual({ kind: 'changed', what: 'tools' });
});
