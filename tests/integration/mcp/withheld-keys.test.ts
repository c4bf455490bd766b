import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { fixture } from '../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';

const folder = mkdtempSync(join(tmpdir(), 'litellm-'));
let place: GatewayPlace;
afterEach(async () => {
  await place.close();
  rmSync(folder, { recursive: true, force: true });
});

test('keys of the configuration of LiteLLM reach no server, and nobody through one [MCP-5] [SEC-3]', async () => {
  const file = join(folder, 'litellm.yaml');
  const config = {
    model_list: [
      { model_name: 'a', litellm_params: { model: 'azure/gpt-5', api_base: 'https://a.example' } },
      { model_name: 'b', litellm_params: { model: 'openai/gpt-5', api_key: 'os.environ/TEAM_KEY' } },
    ],
  };
  // JSON is YAML as well.
  writeFileSync(file, JSON.stringify(config));
  place = await gatewayPlace(
    { one: fixture('good', { env: { ASKED: '${TEAM_KEY} ${AZURE_API_KEY} ${OTHER}' } }) },
    {
      env: {
        ...{ CODEX_PLUS_LITELLM_CONFIG: file, OTHER: 'other-value' },
        ...{ TEAM_KEY: 'key-of-the-team', AZURE_API_KEY: 'key-at-azure' },
      },
    },
  );
  const client = await place.client('modern');
  const seen = JSON.stringify(await client.callTool({ name: 'one__place', arguments: {} }));
  expect(seen).toContain('${TEAM_KEY} ${AZURE_API_KEY} other-value');
  expect(seen).not.toContain('"TEAM_KEY');
  const { content } = await client.callTool({
    name: 'one__echo',
    arguments: { text: 'key-of-the-team, key-at-azure, other-value' },
  });
  expect(content).toEqual([{ type: 'text', text: '[redacted:key], [redacted:key], other-value' }]);
});
