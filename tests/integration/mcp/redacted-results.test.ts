import { afterEach, expect, test } from '@jest/globals';
import { fixture } from '../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';

let place: GatewayPlace;
afterEach(async () => {
  await place.close();
});

const ours = 'sk-of-the-provider-0123456789';
const theirs = 'ghp_0123456789abcdefghijklmnop';

async function echoed(env: Readonly<Record<string, string>>): Promise<unknown> {
  place = await gatewayPlace({ one: fixture() }, { env: { OPENAI_API_KEY: ours, ...env } });
  const client = await place.client('modern');
  const { content } = await client.callTool({
    name: 'one__echo',
    arguments: { text: `OPENAI_API_KEY=${ours}\nTOKEN=${theirs}` },
  });
  return content;
}

test('a key of ours that a server read somewhere reaches no client [MCP-5] [SEC-3]', async () => {
  expect(await echoed({})).toEqual([
    { type: 'text', text: `OPENAI_API_KEY=[redacted:key]\nTOKEN=${theirs}` },
  ]);
});

test('what looks like a secret goes as well where the settings say so [MCP-5] [SEC-3]', async () => {
  expect(await echoed({ CODEX_PLUS_MCP_REDACT_RESULTS: 'true' })).toEqual([
    { type: 'text', text: 'OPENAI_API_KEY=[redacted:key]\nTOKEN=[redacted:github-token]' },
  ]);
});
