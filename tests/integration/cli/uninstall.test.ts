import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { applyPlan } from '../../../middleware/features/install/apply-plan.ts';
import { readInstallRecord } from '../../../middleware/features/install/install-record.ts';
import { planCodex } from '../../../middleware/cli/install/plan-codex.ts';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;

beforeEach(() => {
  place = createCliPlace();
});

afterEach(() => {
  place.remove();
});

const config = 'home/.codex/config.toml';

/** As `init` does it, without a Codex to be asked. */
function init(): void {
  const { home } = place;
  const options = {
    ...{ url: 'http://127.0.0.1:3000', withLogin: false, keyVariable: undefined, model: 'gpt-5' },
    ...{ codexHome: join(home, '.codex'), profile: undefined, hookStates: [], stubs: [] },
  };
  applyPlan(home, planCodex(options, readInstallRecord(home)));
}

const own = 'model = "gpt-6.1-sol"\nmodel_reasoning_effort = "low"\n';

describe('codex-plus uninstall', () => {
  test('names what was chosen in Codex since the first init, with its line and what was there before [OPS-4]', async () => {
    place.write({ [config]: own });
    init();
    const chosen = place
      .read(config)
      .replace('model = "gpt-5"\n', 'model = "house-model"\n')
      .replace('effort = "low"', 'effort = "high"');
    place.write({ [config]: chosen });
    init();
    const { stdout } = await place.run(['uninstall', '--yes']);
    const why = 'without Codex-Plus, Codex may refuse it: choose another with /model';
    expect(place.read(config)).toContain('model = "house-model"');
    const lines = place.read(config).split('\n');
    const [model, effort] = ['model = ', 'model_reasoning'].map(
      (start) => lines.findIndex((line) => line.startsWith(start)) + 1,
    );
    expect(stdout.split('\n')).toEqual([
      `restored ${join(place.root, config)}`,
      `  line ${model}: model = "house-model" stays, as it was chosen since init (before, it was "gpt-6.1-sol"); ${why}`,
      `  line ${effort}: model_reasoning_effort = "high" stays, as it was chosen since init (before, it was "low"); ${why}`,
      '',
    ]);
  });

  test('says nothing of what is as it was, and gives back every byte [OPS-4]', async () => {
    place.write({ [config]: own });
    init();
    const { stdout } = await place.run(['uninstall', '--yes']);
    expect(stdout).toBe(`restored ${join(place.root, config)}\n`);
    expect(place.read(config)).toBe(own);
  });
});
