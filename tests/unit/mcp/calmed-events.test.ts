import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { CalmedEvents } from '../../../middleware/features/mcp/client/calmed-events.ts';
import type { ServerEvent } from '../../../middleware/features/mcp/connection.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('a list that changed is told however many resources are updated at the same time [MCP-5]', () => {
  const told: ServerEvent[] = [];
  const events = new CalmedEvents((event) => told.push(event));
  for (let at = 0; at < 2_000; at += 1) events.tell({ kind: 'updated', uri: `note://${at}` });
  expect(told).toHaveLength(1_000);
  events.tell({ kind: 'changed', what: 'tools' });
  expect(told.at(-1)).toEqual({ kind: 'changed', what: 'tools' });
});
