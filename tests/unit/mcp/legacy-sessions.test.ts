import { afterEach, expect, jest, test } from '@jest/globals';
import { McpServer } from '@modelcontextprotocol/server';
import { LegacySessions } from '../../../middleware/http/gateway/legacy-sessions.ts';
import { collectedLog } from '../../support/collected-log.ts';

const body = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1.0.0' },
  },
};

const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const post = (text: unknown): Request =>
  new Request('http://localhost/mcp', { method: 'POST', headers, body: JSON.stringify(text) });

afterEach(() => {
  jest.useRealTimers();
});

test('nothing waits for a session at /mcp that its client ended, or that never began [MCP-2]', async () => {
  const sessions = new LegacySessions<string>({ maxSessions: 3, idleMs: 60_000, log: collectedLog().log });
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  const open = async (parsedBody: unknown): Promise<Response> => {
    const answer = await sessions.open(
      { owner: 'ada at home', caller: 'ada', request: post(parsedBody), parsedBody },
      () => ({
        ...{ parts: 'ada', end: () => undefined, onAnswered: () => undefined, codeOf: () => undefined },
        server: new McpServer({ name: 'ours', version: '1.0.0' }),
      }),
    );
    await answer.text();
    return answer;
  };
  expect((await open({ ...body, method: 'tools/list' })).ok).toBe(false);
  expect(jest.getTimerCount()).toBe(0);
  const id = (await open(body)).headers.get('mcp-session-id') ?? '';
  const session = sessions.find(id, 'ada at home');
  expect(jest.getTimerCount()).toBe(1);
  const leaving = new Request('http://localhost/mcp', {
    method: 'DELETE',
    headers: { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' },
  });
  const left = session && (await sessions.serve(session, { request: leaving, parsedBody: undefined }));
  await left?.text();
  expect(left?.ok).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
});

test('a caller with many sessions at /mcp ends none of another caller, and the log tells which ended [MCP-2] [SEC-6]', async () => {
  const { log, lines } = collectedLog();
  const sessions = new LegacySessions<string>({ maxSessions: 3, idleMs: 60_000, log });
  const ended: string[] = [];
  const open = async (caller: string, parts: string): Promise<string> => {
    const asked = { owner: `${caller} at home`, caller, request: post(body), parsedBody: body };
    const answer = await sessions.open(asked, () => ({
      server: new McpServer({ name: 'ours', version: '1.0.0' }),
      ...{ parts, end: () => ended.push(parts), onAnswered: () => undefined, codeOf: () => undefined },
    }));
    await answer.text();
    return answer.headers.get('mcp-session-id') ?? '';
  };
  const bob = await open('bob', 'bob 1');
  for (const number of [1, 2, 3, 4]) await open('ada', `ada ${number}`);
  expect(ended).toEqual(['ada 1', 'ada 2']);
  expect(sessions.find(bob, 'bob at home')?.parts).toBe('bob 1');
  expect(lines).toMatchObject([{ caller: 'ada' }, { caller: 'ada' }]);
  sessions.close();
  expect(ended).toHaveLength(5);
});
