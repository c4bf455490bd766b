import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url);
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

/** A call as Codex 0.169 makes it: the revision of 2025-06-18, no session. */
async function callAsCodex(method: string, params: object): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${middleware.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream, application/json',
      'mcp-protocol-version': '2025-06-18',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const text = await answer.text();
  const json = text.startsWith('{') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? '');
  return (JSON.parse(json) as { result: Readonly<Record<string, unknown>> }).result;
}

describe('/mcp', () => {
  test('says to who looks with a browser how clients connect [MCP-2]', async () => {
    const answer = await fetch(`${middleware.url}/mcp`);
    expect(answer.status).toBe(405);
    expect(await answer.json()).toEqual({
      jsonrpc: '2.0',
      error: {
        code: -32_000,
        message: expect.stringMatching(/^Method not allowed: this is an address for MCP clients .* POST\. /),
      },
      id: null,
    });
  });

  test('the official client lists our tools and calls one [MCP-2]', async () => {
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${middleware.url}/mcp`)));
    const { tools } = await client.listTools();
    expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
      ['status', true],
      ['run_command', true],
    ]);
    const result = await client.callTool({ name: 'status', arguments: {} });
    const [content] = result.content as { text: string }[];
    expect(JSON.parse(content?.text ?? '')).toMatchObject({ litellm: { state: 'ready' } });
    await client.close();
  });

  test.each([
    ['a session', 'codex-mcp-client', 'legacy'],
    ['a session', 'claude-code', 'legacy'],
    ['a session', 'codex-plus', 'legacy'],
    ['the newer protocol', 'codex-plus', { pin: '2026-07-28' }],
    ['the newer protocol', 'codex-mcp-client', { pin: '2026-07-28' }],
    ['the newer protocol', 'claude-code', { pin: '2026-07-28' }],
  ] as const)(
    'what hooks of Codex call is listed to Codex alone: in %s, to %s [MCP-2] [HK-5]',
    async (_, name, mode) => {
      const client = new Client({ name, version: '1.0.0' }, { versionNegotiation: { mode } });
      await client.connect(new StreamableHTTPClientTransport(new URL(`${middleware.url}/mcp`)));
      const { tools } = await client.listTools();
      expect(tools.some((tool) => tool.name === 'hook')).toBe(name === 'codex-mcp-client');
      const told = { hook_event_name: 'PreToolUse', session_id: 's' };
      const { isError = false } = await client.callTool({ name: 'hook', arguments: told });
      expect(isError).toBe(false);
      await client.close();
    },
  );

  test('an address that names no folder is refused with what to do [MCP-2]', async () => {
    for (const [project, told] of [
      ['/nowhere/there', 'names no folder'],
      ['shop', 'the whole path'],
    ]) {
      const answer = await fetch(`${middleware.url}/mcp?project=${project}`, { method: 'POST', body: '{}' });
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(String(told))]);
    }
  });

  test("Codex's revision of the protocol is spoken as well, without a session [MCP-2]", async () => {
    const hello = await callAsCodex('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'codex', version: '0.169.0' },
    });
    expect(hello).toMatchObject({ protocolVersion: '2025-06-18', serverInfo: { name: 'codex-plus' } });
    const result = await callAsCodex('tools/call', { name: 'status', arguments: {} });
    expect(result).toMatchObject({ content: [{ type: 'text' }] });
  });
});
