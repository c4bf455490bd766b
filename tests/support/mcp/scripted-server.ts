import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isJsonObject, parseJsonObject } from '../../../middleware/kernel/json-object.ts';

// An MCP server of the older protocol, without any library: it answers each method with what a file has for it by then.
// What stands there as `news`, it tells before it answers a call.
const usual: Readonly<Record<string, unknown>> = {
  initialize: {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
    serverInfo: { name: 'scripted', version: '1.0.0' },
  },
  'tools/list': { tools: [{ name: 'any', inputSchema: { type: 'object' } }] },
  'tools/call': { content: [{ type: 'text', text: 'up' }] },
  'prompts/list': { prompts: [{ name: 'any' }] },
  'resources/list': { resources: [{ name: 'any', uri: 'note://any' }] },
  'resources/templates/list': { resourceTemplates: [] },
};

const fault = { code: -32_601, message: 'no such method' };

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = parseJsonObject(line) ?? {};
  if (id === undefined) return;
  const scripted = parseJsonObject(readFileSync(process.argv[2] ?? '', 'utf8')) ?? {};
  const result = { ...usual, ...scripted }[String(method)];
  const { news } = scripted;
  if (method === 'tools/call' && Array.isArray(news))
    for (const told of news as readonly unknown[])
      process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', method: told })}\n`);
  const answer = isJsonObject(result) ? { result } : { error: fault };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
});
