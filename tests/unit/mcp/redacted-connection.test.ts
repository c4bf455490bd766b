import { expect, test } from '@jest/globals';
import { ProtocolError } from '@modelcontextprotocol/client';
import type { Connection } from '../../../middleware/features/mcp/connection.ts';
import { redactedConnection } from '../../../middleware/features/mcp/definitions/redacted-connection.ts';
import { createSecretRemover } from '../../../middleware/platform/telemetry/without-secrets.ts';

const key = 'sk-ours-1234';
const clean = createSecretRemover({ held: () => [undefined, 'short', key], shapes: false });
const { signal } = new AbortController();

function answering(answer: Promise<unknown>): Connection {
  return redactedConnection({ call: () => answer } as unknown as Connection, clean);
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
      structuredContent: { data: { list: [key, 1, null] } },
    }),
  ).toEqual({
    content: [
      { type: 'text', text: 'a [redacted:key] b [redacted:key]' },
      { type: 'resource', resource: { uri: 'x://y', text: '[redacted:key]' } },
      { type: 'resource', resource: { uri: 'x://y', blob: key } },
      { type: 'image', data: key, mimeType: 'image/png' },
    ],
    structuredContent: { data: { list: ['[redacted:key]', 1, null] } },
  });
  const plain = { content: [{ type: 'text', text: 'short' }] };
  expect(await resultOf(plain)).toBe(plain);
});

test('keys go from errors of servers, which stay errors of the protocol [MCP-5] [SEC-3]', async () => {
  const error = new ProtocolError(-32_602, `no ${key}`, { at: key });
  const failed = answering(Promise.reject(error)).call('tool', {}, signal);
  await expect(failed).rejects.toThrow(ProtocolError);
  await expect(failed).rejects.toMatchObject({
    ...{ code: -32_602, message: 'no [redacted:key]', data: { at: '[redacted:key]' } },
  });
});
