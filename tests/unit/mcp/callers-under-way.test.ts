import { ProtocolError } from '@modelcontextprotocol/client';
import { describe, expect, test } from '@jest/globals';
import {
  CallersUnderWay,
  type CallerUnderWay,
} from '../../../middleware/features/mcp/client/callers-under-way.ts';

const question = { method: 'roots/list' as const };
const { signal } = new AbortController();

/** A client that says its name, and what it heard of logs. */
function caller(client: string): CallerUnderWay & { readonly heard: unknown[] } {
  const heard: unknown[] = [];
  return {
    ...{ client, heard, abilities: {}, logLevel: 'info' },
    ask: () => Promise.resolve(client),
    onLog: ({ data }) => heard.push(data),
  };
}

/** Has a caller's request under way until it is told how it ends. */
function begin(callers: CallersUnderWay, one: CallerUnderWay): PromiseWithResolvers<unknown> {
  const work = Promise.withResolvers<unknown>();
  callers.during(one, () => work.promise).catch(() => undefined);
  return work;
}

/** A client that answers nothing, and is asked until the question is over. */
function silent(client: string): CallerUnderWay & { readonly asked: AbortSignal[] } {
  const asked: AbortSignal[] = [];
  return {
    ...{ ...caller(client), asked },
    ask: (_question, until) => {
      asked.push(until);
      return new Promise((_resolve, reject) => {
        until.addEventListener('abort', () => {
          reject(until.reason as Error);
        });
      });
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what a server says for a request that it does not name', () => {
  test('goes to the client whose requests are under way, and once to it [MCP-2]', async () => {
    const callers = new CallersUnderWay(() => 0);
    const [first, second] = [caller('ada'), caller('ada')];
    begin(callers, first);
    begin(callers, second);
    callers.log({ level: 'info', data: 'x' });
    expect(await callers.ask(question, signal)).toBe('ada');
    expect([first.heard, second.heard]).toEqual([[], ['x']]);
  });

  test('goes to nobody while those of two clients are [MCP-2] [SEC-6]', async () => {
    const callers = new CallersUnderWay(() => 0);
    const [ada, bob] = [caller('ada'), caller('bob')];
    const work = begin(callers, ada);
    begin(callers, bob);
    callers.log({ level: 'info', data: 'x' });
    await expect(callers.ask(question, signal)).rejects.toThrow(
      'another conversation has a call of this server under way, and an older server does not tell which of them it asks: make this call again when that one is over',
    );
    expect([ada.heard, bob.heard]).toEqual([[], []]);
    work.resolve('done');
    await settled();
    expect(await callers.ask(question, signal)).toBe('bob');
  });

  test('is told to wait where a question waits in another conversation, however many calls are under way [MCP-2] [SEC-6]', async () => {
    const callers = new CallersUnderWay(() => 0);
    const ada = silent('ada');
    const work = begin(callers, ada);
    const asked = callers.ask(question, signal).catch(() => undefined);
    begin(callers, caller('eve'));
    begin(callers, caller('bob'));
    await expect(callers.ask(question, signal)).rejects.toThrow(
      'a question of this server waits in another conversation, ten minutes at most, and an older server does not tell which of them it asks: answer it there, or end that call, then make this one again',
    );
    expect(ada.asked).toHaveLength(1);
    work.resolve('done');
    await asked;
    await expect(callers.ask(question, signal)).rejects.toThrow('another conversation has a call');
  });

  test('goes to nobody else for a while after a request was given up [MCP-2] [SEC-6]', async () => {
    let now = 0;
    const callers = new CallersUnderWay(() => now);
    begin(callers, caller('ada')).reject(new Error('the client left'));
    const bob = caller('bob');
    begin(callers, bob);
    await settled();
    callers.log({ level: 'info', data: 'x' });
    await expect(callers.ask(question, signal)).rejects.toThrow(
      'gave a call of this server up a moment ago, and an older server does not tell which of them it asks: make this call again in 60 s',
    );
    expect(bob.heard).toEqual([]);
    now = 20_500;
    await expect(callers.ask(question, signal)).rejects.toThrow('again in 40 s');
    now = 60_000;
    callers.log({ level: 'info', data: 'y' });
    expect(await callers.ask(question, signal)).toBe('bob');
    expect(bob.heard).toEqual(['y']);
  });

  test('is certain again for whoever gave it up, and where the server answered with an error [MCP-2]', async () => {
    const callers = new CallersUnderWay(() => 0);
    begin(callers, caller('bob')).reject(new ProtocolError(-32_602, 'no'));
    begin(callers, caller('ada')).reject(new Error('the client left'));
    await settled();
    begin(callers, caller('ada'));
    expect(await callers.ask(question, signal)).toBe('ada');
  });
});

describe('a question', () => {
  test('ends with the request that it was asked for [MCP-2]', async () => {
    const callers = new CallersUnderWay(() => 0);
    const ada = silent('ada');
    const work = begin(callers, ada);
    const asked = callers.ask(question, signal);
    work.resolve('done');
    await expect(asked).rejects.toThrow('the request that it was asked for is over');
    expect(ada.asked.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('is put to the other request of its client that it can be for, once the first is over [MCP-2]', async () => {
    const callers = new CallersUnderWay(() => 0);
    const last = silent('ada');
    begin(callers, caller('ada'));
    const work = begin(callers, last);
    const asked = callers.ask(question, signal);
    expect(last.asked).toHaveLength(1);
    work.resolve('done');
    expect(await asked).toBe('ada');
  });

  test('is put to no request that began after it [MCP-2]', async () => {
    const callers = new CallersUnderWay(() => 0);
    const work = begin(callers, silent('ada'));
    const asked = callers.ask(question, signal);
    begin(callers, caller('ada'));
    work.resolve('done');
    await expect(asked).rejects.toThrow('the request that it was asked for is over');
  });

  test('that its server takes back is put to nobody else [MCP-2]', async () => {
    const callers = new CallersUnderWay(() => 0);
    const [first, last] = [silent('ada'), silent('ada')];
    begin(callers, first);
    begin(callers, last);
    const taken = new AbortController();
    const asked = callers.ask(question, taken.signal);
    taken.abort(new Error('taken back'));
    await expect(asked).rejects.toThrow('taken back');
    expect([first.asked.length, last.asked.length]).toEqual([0, 1]);
  });
});
