import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { ServerTime } from '../../../middleware/features/mcp/questions/server-time.ts';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

test('the time of a server stands still while its user is asked, and goes on behind the last answer [MCP-2]', async () => {
  const time = new ServerTime(1_000);
  jest.advanceTimersByTime(400);
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const answers = [time.standStill(() => first.promise), time.standStill(() => second.promise)];
  jest.advanceTimersByTime(60_000);
  first.resolve('one');
  expect(await answers[0]).toBe('one');
  jest.advanceTimersByTime(60_000);
  second.resolve('two');
  expect(await answers[1]).toBe('two');
  jest.advanceTimersByTime(599);
  expect(time.signal.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(time.signal.aborted).toBe(true);
});

test('the time of a call that ended while its user is asked does not run again [MCP-2]', async () => {
  const time = new ServerTime(1_000);
  const answer = Promise.withResolvers<string>();
  const asking = time.standStill(() => answer.promise);
  time.end();
  answer.resolve('late');
  await asking;
  expect(jest.getTimerCount()).toBe(0);
});
