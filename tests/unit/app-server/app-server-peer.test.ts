import { expect, test } from '@jest/globals';
import { AppServerPeer } from '../../../middleware/upstreams/codex/app-server-peer.ts';

/** Objects in each other. */
function nested(levels: number): Readonly<Record<string, unknown>> {
  let value: Readonly<Record<string, unknown>> = {};
  for (let level = 1; level < levels; level += 1) value = { of: value };
  return value;
}

test('what Codex would pass over without an answer is refused instead of being waited for [API-3]', async () => {
  const lines: string[] = [];
  const peer = new AppServerPeer((line) => lines.push(line));
  await expect(peer.call('thread/start', nested(127))).rejects.toMatchObject({ code: 'invalid_body' });
  expect(lines).toEqual([]);
  const answered = peer.call('thread/start', nested(126));
  peer.take('{"id":1,"result":"read"}');
  expect(await answered).toBe('read');
});
