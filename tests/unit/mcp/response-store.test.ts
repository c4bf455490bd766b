import { expect, test } from '@jest/globals';
import { ResponseStore } from '../../../middleware/features/mcp/client/response-store.ts';

test('a list that is told again as it was is the same entry, whose schemas are not compiled again [MCP-2]', () => {
  const store = new ResponseStore();
  const key = { method: 'tools/list', partition: 'p' };
  const first = store.set(key, { value: '{"tools":[]}', expiresAt: 1 });
  expect(store.set(key, { value: '{"tools":[]}', expiresAt: 2 })).toBe(first);
  expect(store.get(key)?.stamp).toBe(first);
  const second = store.set(key, { value: '{"tools":[{}]}', expiresAt: 3 });
  expect(second).not.toBe(first);
  expect(store.get(key)).toMatchObject({ value: '{"tools":[{}]}', stamp: second });
  // A list that was said to be another one is kept as it comes.
  store.delete(key);
  expect(store.set(key, { value: '{"tools":[{}]}', expiresAt: 4 })).not.toBe(second);
});
