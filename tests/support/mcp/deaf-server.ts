import { spawn, type SpawnOptions } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseJsonObject } from '../../../middleware/kernel/json-object.ts';

// An MCP server that heeds neither the end of its input nor a polite signal, with children that are as deaf, in sessions of
// their own: one as usual, one that was given no environment, and one whose parent has ended. A tool tells their process ids.
const deaf = `for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => undefined); setInterval(() => undefined, 1_000);`;
const options: SpawnOptions = { detached: true, stdio: 'ignore' };
const orphan = `process.stdout.write(String(require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(deaf)}], ${JSON.stringify(options)}).pid), () => process.exit());`;

for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => undefined);
setInterval(() => undefined, 1_000);
const children = [
  spawn(process.execPath, ['-e', deaf], options).pid,
  spawn(process.execPath, ['-e', deaf], { ...options, env: {} }).pid,
];
const parent = spawn(process.execPath, ['-e', orphan], { stdio: ['ignore', 'pipe', 'inherit'] });
const orphanPid = new Promise<number>((resolve) => {
  let text = '';
  parent.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
  parent.once('close', () => {
    resolve(Number(text));
  });
});

const results: Readonly<Record<string, () => object | Promise<object>>> = {
  initialize: () => ({
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'deaf', version: '1.0.0' },
  }),
  'tools/list': () => ({ tools: [{ name: 'pids', inputSchema: { type: 'object' } }] }),
  'tools/call': async () => ({
    content: [{ type: 'text', text: [process.pid, ...children, await orphanPid].join(' ') }],
  }),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = parseJsonObject(line) ?? {};
  if (id !== undefined) void answer(id, String(method));
});

async function answer(id: unknown, method: string): Promise<void> {
  const result = await results[method]?.();
  const said = result === undefined ? { error: { code: -32_601, message: 'unknown method' } } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...said })}\n`);
}
