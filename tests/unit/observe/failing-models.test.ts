import { describe, expect, test } from '@jest/globals';
import { createFailingModels } from '../../../middleware/features/observe/failing-models.ts';
import { CodexPlusError, type ErrorCode } from '../../../middleware/kernel/errors.ts';
import type { Outcome } from '../../../middleware/kernel/outcome.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

function outcome(ending: Outcome['ending'], status: number, code?: ErrorCode): Outcome {
  return {
    exchange: exchangeWith({ body: { model: 'm' } }),
    ...{ caller: { kind: 'local' }, ending, status, route: 'litellm', provider: undefined },
    error: code === undefined ? undefined : new CodexPlusError(code, 'x'),
    ...{ usage: undefined, costUsd: undefined, calls: [], decisions: [], bytesOut: 0 },
    timings: { upstreamMs: 1, firstByteMs: 1, totalMs: 1 },
  };
}

describe('a model is said to fail', () => {
  test.each([
    ['upstream-broke', 200, 1],
    ['upstream-failed', 200, 1],
    ['completed', 503, 1],
    ['completed', 429, 1],
    ['completed', 400, 0],
    ['completed', 200, 0],
    ['ended-here', 200, 0],
    ['ended-here', 500, 0],
    ['client-left', 499, 0],
    ['local', 500, 0],
  ] as const)('by how its call ended, %s with status %d: %d [OBS-1]', (ending, status, count) => {
    const models = createFailingModels(() => new Date(0));
    models.finished(outcome(ending, status));
    expect(models.list()).toHaveLength(count);
  });

  test.each([
    ['provider_key_refused', 400, 1],
    ['provider_key_refused', 424, 1],
    ['unknown_to_provider', 404, 1],
    ['insufficient_quota', 429, 1],
    ['rate_limit_exceeded', 429, 1],
    ['provider_failed', 502, 1],
    // For Codex.
    ['upstream_unreadable', 400, 1],
    ['refused_by_provider', 400, 0],
    ['forbidden_by_provider', 424, 0],
    // A name that a client made up.
    ['model_not_found', 404, 0],
    ['internal', 500, 0],
  ] as const)(
    'by what was told of it, whatever the status: %s with %d: %d [OBS-1]',
    (code, status, count) => {
      const models = createFailingModels(() => new Date(0));
      models.finished(outcome('completed', status, code));
      expect(models.list().map((each) => each.code)).toEqual(Array(count).fill(code));
    },
  );

  test('until it answers again, whatever rules of ours ended meanwhile [OBS-1]', () => {
    const models = createFailingModels(() => new Date(0));
    models.finished(outcome('upstream-broke', 200));
    models.finished(outcome('ended-here', 400));
    models.finished(outcome('completed', 503));
    expect(models.list()).toMatchObject([{ model: 'm', failures: 2, status: 503 }]);
    models.finished(outcome('completed', 200));
    expect(models.list()).toEqual([]);
  });
});
