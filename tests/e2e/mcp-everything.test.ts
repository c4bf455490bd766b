import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../middleware/kernel/json-object.ts';
import { call, text } from '../support/checked-bench.ts';
import { rootDir } from '../support/compose-middleware.ts';
import { sparePort } from '../support/spare-port.ts';
import { until } from '../support/until.ts';
import { useWholeBench } from '../support/whole-bench.ts';

// The official server that has everything, which we did not write: what its tools answer reaches a model over each transport.

const everything = join(rootDir, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');
const bench = useWholeBench();

let remote: ChildProcess | undefined;
afterEach(() => {
  remote?.kill();
  remote = undefined;
});

/** The server behind a URL, once it listens. */
async function listening(how: 'streamableHttp' | 'sse'): Promise<number> {
  const port = await sparePort();
  let said = '';
  remote = spawn(process.execPath, [everything, how], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PORT: String(port) },
  });
  remote.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  await until(() => said.includes(String(port)));
  return port;
}

const entryOf: Readonly<Record<string, () => Promise<JsonObject>>> = {
  stdio: () => Promise.resolve({ command: process.execPath, args: [everything, 'stdio'] }),
  http: async () => ({
    type: 'http',
    url: `http://127.0.0.1:${await listening('streamableHttp')}/mcp`,
  }),
  sse: async () => ({ type: 'sse', url: `http://127.0.0.1:${await listening('sse')}/sse` }),
};

const calls: Readonly<Record<string, JsonObject>> = {
  'get-sum': { a: 2, b: 3 },
  'get-annotated-message': { messageType: 'error', includeImage: true },
  'get-structured-content': { location: 'Chicago' },
  'get-resource-links': { count: 2 },
  'get-resource-reference': { resourceType: 'Text', resourceId: 1 },
  'get-tiny-image': {},
  'trigger-long-running-operation': { duration: 1, steps: 4 },
};

describe.each(Object.keys(entryOf))('the everything-server over %s', (transport) => {
  test('has the results of all its tools reach the model [MCP-1] [MCP-2]', async () => {
    const entry = await entryOf[transport]?.();
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { all: entry } }));
    const names = Object.keys(calls);
    bench.answers(
      names.map((name, at) => call(`mcp__all__${name}`, `c${at}`, calls[name] ?? {})),
      [text('Done.')],
    );
    const said = await bench.client(0).tell([['user', 'go']], true);
    expect(said.spoken).toEqual([['text', 'Done.']]);
    const items = (bench.upstream.requests[1]?.json?.['input'] ?? []) as readonly JsonObject[];
    const outputs = items
      .filter(({ type }) => type === 'function_call_output')
      .map(({ output }) => JSON.stringify(output));
    expect(outputs).toEqual([
      expect.stringContaining('The sum of 2 and 3 is 5.'),
      expect.stringMatching(/Error: Operation failed.*data:image\/png;base64,/),
      expect.stringContaining('Light rain / drizzle'),
      expect.stringMatching(/resource.*1.*resource.*2/),
      expect.stringMatching(/Returning resource reference for Resource 1:.*plaintext/),
      expect.stringContaining('data:image/png;base64,'),
      expect.stringContaining('Long running operation completed. Duration: 1 seconds, Steps: 4.'),
    ]);
  });
});
