import { expect, test } from '@jest/globals';
import { ProtocolError, UrlElicitationRequiredError } from '@modelcontextprotocol/client';
import type { Connection, Forwarding } from '../../../middleware/features/mcp/connection.ts';
import { redactedConnection } from '../../../middleware/features/mcp/definitions/redacted-connection.ts';
import { callFailure, startFailure } from '../../../middleware/features/mcp/failure-of.ts';
import { createSecretRemover } from '../../../middleware/platform/telemetry/without-secrets.ts';

const key = 'sk-ours-1234';
const clean = createSecretRemover({ held: () => [undefined, 'short', key], shapes: false });
const { signal } = new AbortController();

/** A connection with these members. */
function connected(members: object): Connection {
  return redactedConnection({ closed: new Promise(() => undefined), ...members } as Connection, clean);
}

function answering(answer: Promise<unknown>): Connection {
  return connected({ call: () => answer });
}

const resultOf = (answer: unknown): Promise<unknown> =>
  answering(Promise.resolve(answer)).call('tool', {}, signal);

test('keys go from texts, resources and structured results; what holds none stays the same object [MCP-5] [SEC-3]', async () => {
  expect(
    await resultOf({
      content: [
        { type: 'text', text: `a ${key} b ${key}` },
        { type: 'resource', resource: { uri: 'x://y', text: key } },
        { type: 'resource', resource: { uri: 'x://y', blob: key } },
        { type: 'image', data: key, mimeType: 'image/png' },
      ],
      structuredContent: { data: { list: [key, 1, null], [key]: { type: 'image', data: key } } },
    }),
  ).toEqual({
    content: [
      { type: 'text', text: 'a [redacted:key] b [redacted:key]' },
      { type: 'resource', resource: { uri: 'x://y', text: '[redacted:key]' } },
      { type: 'resource', resource: { uri: 'x://y', blob: key } },
      { type: 'image', data: key, mimeType: 'image/png' },
    ],
    structuredContent: {
      data: {
        list: ['[redacted:key]', 1, null],
        '[redacted:key]': { type: 'image', data: '[redacted:key]' },
      },
    },
  });
  const plain = { content: [{ type: 'text', text: 'short' }] };
  expect(await resultOf(plain)).toBe(plain);
});

test('keys go from what a server says of itself as a whole [MCP-5] [SEC-3]', () => {
  expect(connected({ instructions: `Send ${key}.` }).instructions).toBe('Send [redacted:key].');
  expect(connected({}).instructions).toBeUndefined();
});

test('keys go from errors of servers, which stay errors of the protocol [MCP-5] [SEC-3]', async () => {
  const error = new ProtocolError(-32_602, `no ${key}`, { at: key });
  const failed = answering(Promise.reject(error)).call('tool', {}, signal);
  await expect(failed).rejects.toThrow(ProtocolError);
  await expect(failed).rejects.toMatchObject({
    ...{ code: -32_602, message: 'no [redacted:key]', data: { at: '[redacted:key]' } },
  });
});

test('a refusal of a server with links to open stays one, without keys [MCP-5] [SEC-3]', async () => {
  const link = { mode: 'url', message: key, url: 'https://a.example', elicitationId: '1' } as const;
  const failed = answering(Promise.reject(new UrlElicitationRequiredError([link]))).call('tool', {}, signal);
  await expect(failed).rejects.toThrow(UrlElicitationRequiredError);
  await expect(failed).rejects.toMatchObject({ elicitations: [{ message: '[redacted:key]' }] });
});

test('keys go from lists, which stay the same object where they are told again [MCP-5] [SEC-3]', async () => {
  const list = [{ name: 'a', description: `Say ${key}.`, inputSchema: { type: 'object' } }];
  const lists = { tools: list, recentTools: list, prompts: list, resources: list, templates: list };
  const connection = connected(
    Object.fromEntries(Object.entries(lists).map(([name, items]) => [name, () => Promise.resolve(items)])),
  );
  for (const name of ['tools', 'recentTools', 'prompts', 'resources', 'templates'] as const)
    expect(await connection[name](signal)).toMatchObject([{ description: 'Say [redacted:key].' }]);
  expect(await connection.tools(signal)).toBe(await connection.tools(signal));
});

test('keys go from what a server asks, logs and tells of its progress and its end [MCP-5] [SEC-3]', async () => {
  const told: unknown[] = [];
  const picture = { role: 'user', content: { type: 'image', data: key, mimeType: 'image/png' } };
  const connection = connected({
    closed: Promise.resolve(`ended: ${key}`),
    forward: async (_method: string, _params: object, { ask, onLog, onProgress }: Forwarding) => {
      onLog({ level: 'info', data: { key } });
      onProgress?.({ progress: 1, message: key });
      told.push(await ask?.({ method: 'elicitation/create', params: { message: key } } as never, signal));
      await ask?.({ method: 'sampling/createMessage', params: { messages: [picture] } } as never, signal);
      return {};
    },
    watchResource: () => Promise.reject(new ProtocolError(-32_602, key)),
  });
  await connection.forward(
    'tools/call',
    {},
    {
      ...{ client: 'one', abilities: {}, logLevel: 'info', signal },
      ask: (question) => {
        told.push(question);
        return Promise.resolve(key);
      },
      onLog: (message) => told.push(message),
      onProgress: (progress) => told.push(progress),
    },
  );
  expect(told).toEqual([
    { level: 'info', data: { key: '[redacted:key]' } },
    { progress: 1, message: '[redacted:key]' },
    { method: 'elicitation/create', params: { message: '[redacted:key]' } },
    // What a client says is the client's.
    key,
    { method: 'sampling/createMessage', params: { messages: [picture] } },
  ]);
  expect(await connection.closed).toBe('ended: [redacted:key]');
  await expect(connection.watchResource('a://b', signal, () => undefined)).rejects.toThrow('[redacted:key]');
});

const long = `${'x '.repeat(100_000)}${key}${' y'.repeat(100_000)}`;
const longClean = long.replace(key, '[redacted:key]');

test('keys go from what has millions of characters as well, wherever a server says it [MCP-5] [SEC-3]', async () => {
  const picture = { type: 'image', data: long, mimeType: 'image/png' };
  const sampled = { messages: [{ role: 'user', content: [picture, { type: 'text', text: long }] }] };
  const listed = [{ name: 'a', description: long }];
  const asked: unknown[] = [];
  const connection = connected({
    call: () => Promise.reject(new ProtocolError(-32_602, long, { at: long })),
    prompts: () => Promise.resolve(listed),
    forward: async (_method: string, _params: object, { ask, onLog, onProgress }: Forwarding) => {
      onLog({ level: 'info', data: long });
      onProgress?.({ progress: 1, message: long });
      await ask?.({ method: 'sampling/createMessage', params: sampled } as never, signal);
      return { contents: [{ uri: 'a://b', text: long }] };
    },
  });
  const failed = connection.call('tool', {}, signal);
  await expect(failed).rejects.toMatchObject({ message: longClean, data: { at: longClean } });
  expect(await connection.prompts(signal)).toEqual([{ name: 'a', description: longClean }]);
  expect(await connection.prompts(signal)).toBe(await connection.prompts(signal));
  const caller = {
    ...({ client: 'one', abilities: {}, logLevel: 'info', signal } as const),
    ask: (question: unknown) => Promise.resolve(asked.push(question)),
    onLog: (message: unknown) => asked.push(message),
    onProgress: (progress: unknown) => asked.push(progress),
  };
  expect(await connection.forward('resources/read', {}, caller)).toEqual({
    contents: [{ uri: 'a://b', text: longClean }],
  });
  expect(asked).toEqual([
    // News are heard at once, and left out where that would take long.
    { level: 'info', data: expect.stringContaining('left out') },
    { progress: 1, total: undefined },
    {
      method: 'sampling/createMessage',
      params: { messages: [{ role: 'user', content: [picture, { type: 'text', text: longClean }] }] },
    },
  ]);
});

test('keys go from what is told of a server that failed [MCP-5] [SEC-3]', () => {
  const server = { name: 'one', clean };
  const use = { what: 'tool "a"', callMs: 1_000 };
  const body = new Error(`HTTP 400: ${key}`);
  for (const failure of [
    startFailure(server, undefined, body),
    callFailure(server, { ...use, ended: undefined }, body),
    callFailure(server, { ...use, ended: `ended with exit code 1: ${key}` }, body),
  ])
    expect(failure?.message).toMatch(/^[^]*\[redacted:key\]/);
  expect(startFailure(server, undefined, body).message).not.toContain(key);
});
