import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openUsageLedger, type UsageLedger } from '../../../middleware/features/usage/usage-ledger.ts';
import type { Outcome } from '../../../middleware/kernel/outcome.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

let stateDir: string;
const { log, lines } = collectedLog();

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'codex-plus-ledger-'));
});

afterEach(() => {
  rmSync(stateDir, { recursive: true });
});

function open(): UsageLedger {
  const ledger = openUsageLedger(stateDir, log);
  if (ledger === undefined) throw new Error('it cannot be opened');
  return ledger;
}

const usage = { inputTokens: 10, cachedInputTokens: 0, outputTokens: 2, reasoningTokens: 0 };

function outcome(more: Partial<Outcome>): Outcome {
  return {
    ...{ exchange: exchangeWith(), caller: { kind: 'local' }, ending: 'local', status: 503 },
    ...{ error: undefined, route: undefined, provider: undefined, usage: undefined, costUsd: undefined },
    ...{ calls: [], decisions: [], bytesOut: 0 },
    timings: { upstreamMs: undefined, firstByteMs: undefined, totalMs: 1 },
    ...more,
  };
}

const all = { start: undefined, end: undefined, by: [] };

test('what was used or cost something was answered by somebody, whatever its client was told [API-2]', async () => {
  const ledger = open();
  ledger.finished(outcome({}));
  ledger.finished(outcome({ usage: { ...usage, costUsd: undefined } }));
  ledger.finished(outcome({ costUsd: 0.25 }));
  expect(ledger.read(all)).toMatchObject([
    { requests: 2, unmetered_requests: 1, priced_requests: 1, input_tokens: 10, cost_usd: 0.25 },
  ]);
  await ledger.close();
});

test('a call that ends when the ledger is closed is told in the log [API-2]', async () => {
  const ledger = open();
  const before = outcome({ ending: 'completed', status: 200 });
  ledger.answered(before);
  await ledger.close();
  ledger.finished(before);
  expect(lines).toEqual([]);
  ledger.finished(outcome({ ending: 'client-left', status: 499 }));
  expect(lines).toMatchObject([
    { level: 'error', message: expect.stringMatching(/what a call used was never written/) },
  ]);
});
