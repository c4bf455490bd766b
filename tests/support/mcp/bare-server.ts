import { createInterface } from 'node:readline';
import { isJsonObject, parseJsonObject } from '../../../middleware/kernel/json-object.ts';

// An MCP server of the older protocol, without any library: it tells how it was called, has tools for tasks, and refuses one.
const inputSchema = { type: 'object' };
const results: Readonly<Record<string, (params: unknown) => object>> = {
  initialize: () => ({
    protocolVersion: '2025-11-25',
    capabilities: { tools: {}, resources: { subscribe: true }, tasks: { requests: { tools: { call: {} } } } },
    serverInfo: { name: 'tasks', version: '1.0.0' },
  }),
  'tools/list': () => ({
    tools: [
      { name: 'params', inputSchema, execution: { taskSupport: 'optional' } },
      { name: 'refuse', inputSchema },
      { name: 'lose', inputSchema },
      { name: 'crash', inputSchema },
      { name: 'long', inputSchema, execution: { taskSupport: 'required' } },
    ],
  }),
  'resources/subscribe': () => ({}),
  'resources/unsubscribe': () => ({}),
  'resources/list': () => ({ resources: [] }),
  'resources/templates/list': () => ({ resourceTemplates: [{ name: 'note', uriTemplate: 'note://{name}' }] }),
  'tools/call': (params) => ({ content: [{ type: 'text', text: JSON.stringify(params) }] }),
};

/** What it says no to, by names and addresses. */
const faults: Readonly<Record<string, object>> = {
  refuse: { code: -32_602, message: 'it is not so', data: { why: 'who knows' } },
  lose: { code: -32_002, message: 'it is lost', data: { uri: 'note://lost', why: 'who knows' } },
  'note://lost': { code: -32_002, message: 'it is lost', data: { uri: 'note://lost', why: 'who knows' } },
  'note://bare': { code: -32_002, message: 'there is none' },
  'note://new': { code: -32_602, message: 'there is none', data: { uri: 'note://new' } },
  // As older SDKs say it.
  'note://older': { code: -32_602, message: 'MCP error -32602: Resource note://older not found' },
  'note://wrong': { code: -32_602, message: 'it is not so', data: { why: 'who knows' } },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params: given } = parseJsonObject(line) ?? {};
  const params = isJsonObject(given) ? given : {};
  if (id === undefined) return;
  const result = results[String(method)]?.(params);
  if (method === 'tools/call' && params['name'] === 'crash') process.exit(3);
  const refused = /^(?:tools.call|resources.(?:read|subscribe))$/.test(String(method))
    ? faults[String(params['name'] ?? params['uri'])]
    : undefined;
  const fault = refused ?? { code: -32_601, message: 'no such method' };
  const answer = result === undefined || refused !== undefined ? { error: fault } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
});
