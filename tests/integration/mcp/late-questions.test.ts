import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import { fixture } from '../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';
import { until } from '../../support/until.ts';

let place: GatewayPlace;
afterEach(() => place.close());

/** A client that can be asked, and tells what it heard. */
async function listening(heard: unknown[]): Promise<Client> {
  return await place.client('legacy', {
    options: { capabilities: { elicitation: {} } },
    prepare: (one) => {
      one.setRequestHandler('elicitation/create', ({ params }) => {
        heard.push(params.message);
        return { action: 'accept', content: { name: 'Bob' } };
      });
      one.setNotificationHandler('notifications/message', ({ params }) => {
        heard.push(params.data);
      });
    },
  });
}

test('what an older server asks and logs for a call that was given up reaches no other client [MCP-2] [SEC-6]', async () => {
  place = await gatewayPlace({ one: fixture('asks-late') });
  const heard: unknown[] = [];
  const [ada, bob] = [await listening(heard), await listening(heard)];
  const [late, end] = [join(place.home, 'late'), join(place.home, 'end')];
  const left = new AbortController();
  const given = ada.callTool({ name: 'one__ask-late', arguments: { file: late } }, { signal: left.signal });
  const gone = expect(given).rejects.toThrow();
  await until(() => existsSync(`${late}-awaited`));
  left.abort(new Error('the user gave it up'));
  await gone;
  const other = bob.callTool({ name: 'one__wait', arguments: { file: end } });
  await until(() => existsSync(`${end}-awaited`));
  writeFileSync(late, '');
  await until(() => existsSync(`${late}-said`));
  writeFileSync(end, '');
  expect(await other).toMatchObject({ content: [{ text: 'it came' }] });
  expect(heard).toEqual([]);
  expect(readFileSync(`${late}-said`, 'utf8')).toContain(
    'another conversation gave a call of this server up a moment ago',
  );
});
