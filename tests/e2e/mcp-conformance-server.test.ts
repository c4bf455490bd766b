import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { JsonObject } from '../../middleware/kernel/json-object.ts';
import { rootDir } from '../support/compose-middleware.ts';
import { gatewayPlace, type GatewayPlace } from '../support/mcp/gateway-place.ts';
import { fixture } from '../support/mcp/pool-place.ts';

const suite = join(rootDir, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const server = join(rootDir, 'tests/support/mcp/conformance-server.ts');
const limitMs = 600_000;

let place: GatewayPlace;
let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'conformance-'));
});
afterEach(async () => {
  await place.close();
  rmSync(results, { recursive: true, force: true });
});

const nine = Object.fromEntries(
  Array.from({ length: 9 }, (_, index) => [`other-${index}`, fixture()] as const),
);

/** What the suite says of `/mcp`, without what it does not score. */
async function suiteAt(requirements: string): Promise<Verdict> {
  const url = `http://localhost:${place.middleware.port}/mcp`;
  const args = [suite, 'server', '--requirements', requirements, '--url', url, '-o', results];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const told: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => told.push(bytes));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const [, summary = ''] = Buffer.concat(told).toString().split('=== SUMMARY ===');
  const [scenarios = '', unscored = ''] = summary.split('Not scored');
  const left = new Set([...unscored.matchAll(/^ {2}[✓✗] (\S+) \(/gm)].map(([, name]) => name));
  const scored = [...scenarios.matchAll(/^([✓✗]) (\S+): (\d+) passed/gm)].filter(
    ([, , name]) => !left.has(name),
  );
  const isPassed = ([, sign, , passed]: RegExpExecArray): boolean => sign === '✓' && passed !== '0';
  return {
    exitCode,
    passed: scored.filter(isPassed).length,
    failed: scored.filter((one) => !isPassed(one)).map(([line]) => line),
  };
}

interface Verdict {
  readonly exitCode: number | null;
  /** Scenarios with all of their checks, of which there was one at least. */
  readonly passed: number;
  /** With a failure, or with a warning. */
  readonly failed: readonly string[];
}

async function start(
  behaviour: string,
  others: Readonly<Record<string, JsonObject>>,
  prefix: string,
): Promise<void> {
  const conformance = { command: process.execPath, args: [server, behaviour] };
  place = await gatewayPlace({ conformance, ...others }, { env: { CODEX_PLUS_MCP_PREFIX: prefix } });
}

test.each([
  ['2025-11-25', 30, 'both', 'alone', {}, 'never'],
  ['2025-11-25', 30, 'old', 'alone', {}, 'never'],
  ['2026-07-28', 37, 'both', 'alone', {}, 'never'],
  ['2025-11-25', 30, 'both', 'with nine others', nine, 'conflict'],
  ['2026-07-28', 37, 'both', 'with nine others', nine, 'conflict'],
])(
  'of the conformance suite for %s all %i scenarios pass at /mcp in front of a server of the kind %s, %s [MCP-2]',
  async (requirements, scenarios, behaviour, _how, others, prefix) => {
    await start(behaviour, others, prefix);
    expect(await suiteAt(requirements)).toEqual({ exitCode: 0, passed: scenarios, failed: [] });
  },
  limitMs,
);
