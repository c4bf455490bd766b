import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isJsonObject } from '../../../middleware/kernel/json-object.ts';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';
import { askingFixture, fixture } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';

let place: GatewayPlace;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asked-once-'));
});
afterEach(async () => {
  await place.close();
  rmSync(folder, { recursive: true });
});

const questions = ['First?', 'Second?'].map((message) => ({
  message,
  requestedSchema: { type: 'object', properties: { said: { type: 'string' } } },
}));

test.each([
  ['legacy', 'new'],
  ['modern', 'new'],
  ['legacy', 'old'],
  ['modern', 'old'],
] as const)(
  'a call of a %s client at a server of the %s protocol is decided once, however often its server asks [MCP-2] [SEC-1]',
  async (era, protocol) => {
    const file = join(folder, 'heard');
    const command = `cat >> ${file}; echo >> ${file}`;
    const hooks = { PreToolUse: [{ hooks: [{ type: 'command', command }] }] };
    const permissions = { ask: ['mcp__one__ask'] };
    place = await gatewayPlace({ one: askingFixture(protocol) }, { settings: { permissions, hooks } });
    const asked: string[] = [];
    const client = await place.client(era, {
      options: { capabilities: { elicitation: {} } },
      prepare: (one) => {
        one.setRequestHandler('elicitation/create', ({ params: { message } }) => {
          asked.push(message);
          const content = message.includes('mcp__one__ask') ? { answer: 'yes' } : { said: 'it' };
          return { action: 'accept', content };
        });
      },
    });
    for (let times = 1; times <= 2; times += 1) {
      const result = await client.callTool({ name: 'one__ask', arguments: { questions } });
      expect(JSON.stringify(result.content)).toContain('accept');
      // Made again, it is another call.
      const whose = 'MCP server "one", tool "ask"';
      const one = [expect.stringContaining('mcp__one__ask'), `${whose}: First?`, `${whose}: Second?`];
      expect(asked).toEqual(Array.from({ length: times }, () => one).flat());
      const heard = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      const ids = heard.map((line) => {
        const told: unknown = JSON.parse(line);
        return isJsonObject(told) ? told['tool_use_id'] : undefined;
      });
      expect([ids.length, new Set(ids).size]).toEqual([times, times]);
    }
  },
);

test('a call that its client gives up counts as that, as for models [MCP-2]', async () => {
  place = await gatewayPlace({ one: fixture() });
  const client = await place.client('modern');
  const left = new AbortController();
  const file = join(place.home, 'came');
  const given = client.callTool({ name: 'one__wait', arguments: { file } }, { signal: left.signal });
  const gone = expect(given).rejects.toThrow();
  await until(() => existsSync(`${file}-awaited`));
  left.abort(new Error('the user gave it up'));
  await gone;
  await until(async () =>
    (await (await fetch(`${place.middleware.url}/metrics`)).text()).includes(
      'codex_plus_mcp_calls_total{outcome="aborted",server="one"} 1',
    ),
  );
});
