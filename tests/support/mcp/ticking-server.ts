import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseJsonObject, type JsonObject } from '../../../middleware/kernel/json-object.ts';

// An MCP server of the older protocol, without any library, that tells all the time that its resource `tick://NAME` and its prompts changed.
const [, , name = '', startsFile] = process.argv;
if (startsFile !== undefined) appendFileSync(startsFile, `${name}\n`);

const uri = `tick://${name}`;
const results: Readonly<Record<string, object>> = {
  initialize: {
    protocolVersion: '2025-11-25',
    capabilities: { prompts: { listChanged: true }, resources: { subscribe: true } },
    serverInfo: { name, version: '1.0.0' },
  },
  'prompts/list': { prompts: [{ name: 'any' }] },
  'resources/list': { resources: [{ name, uri }] },
  'resources/templates/list': { resourceTemplates: [] },
  'resources/subscribe': {},
  'resources/unsubscribe': {},
};

function say(message: JsonObject): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = parseJsonObject(line) ?? {};
  if (method === 'notifications/initialized')
    setInterval(() => {
      say({ method: 'notifications/resources/updated', params: { uri } });
      if (name === 'theirs') say({ method: 'notifications/prompts/list_changed' });
    }, 50).unref();
  if (id === undefined) return;
  const result = results[String(method)];
  say({
    id,
    ...(result === undefined ? { error: { code: -32_601, message: 'no such method' } } : { result }),
  });
});
