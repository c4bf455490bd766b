import { expect, test } from '@jest/globals';
import { HookRuns } from '../../../middleware/features/hooks/run/hook-runs.ts';
import { settingsFile } from '../../support/made-up-hooks.ts';

test('the last runs are remembered, the newest first [HK-5]', () => {
  const runs = new HookRuns(2);
  for (const startedAt of [1, 2, 3]) {
    runs.add({
      event: 'Stop',
      label: 'c',
      source: settingsFile(),
      startedAt,
      durationMs: 5,
      outcome: 'success',
      error: undefined,
    });
  }
  expect(runs.list().map((run) => run.startedAt)).toEqual([3, 2]);
});
