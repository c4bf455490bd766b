import { describe, expect, test } from '@jest/globals';
import { createFailingModels } from '../../../middleware/features/observe/failing-models.ts';
import type { Outcome } from '../../../middleware/kernel/outcome.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

function outcome(ending: Outcome['ending'], status: number): Outcome {
  return {
    exchange: exchangeWith({ body: { model: 'm' } }),
    ...{ caller: { kind: 'local' }, ending, status, route: 'litellm', provider: undefined },
    ...{ error: undefined, usage: undefined, costUsd: undefined, calls: [], decisions: [], bytesOut: 0 },
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
