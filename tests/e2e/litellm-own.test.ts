import { beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import {
  askedEffort,
  budgetOf,
  claudesEffortOf,
  leastBudget,
} from '../../middleware/protocol/translation/thinking-budgets.ts';
import { rootDir } from '../support/compose-middleware.ts';
import { litellmPython, runPython } from '../support/run-python.ts';

const twoMinutes = 120_000;
let python: string;

beforeAll(async () => {
  python = await litellmPython();
}, twoMinutes);

interface Tried {
  readonly missing: string | null;
  readonly made: readonly string[];
  readonly lines: readonly string[];
}

test(
  '[RT-4] each mend of LiteLLM stands alone, and one that cannot be made is told in its log',
  async () => {
    const launch = join(rootDir, 'litellm', 'launch.py');
    const [whole, ...others] = (await runPython(python, 'litellm-mends.py', launch)) as Tried[];
    expect(whole).toMatchObject({ missing: null, lines: [] });
    expect(whole?.made).toHaveLength(16);
    expect(others).toHaveLength(17);
    for (const { missing, made, lines } of others) {
      const left = missing === 'module' ? '_anthropic_error_json_response' : missing;
      expect(made).toEqual(whole?.made.filter((name) => name !== left));
      // Two mends are made at one place.
      const told = missing === '_handle_string_chunk' ? 2 : 1;
      expect(lines).toEqual(
        Array.from({ length: told }, () => expect.stringContaining('cannot mend this version of LiteLLM')),
      );
    }
  },
  twoMinutes,
);

describe('[RT-4] tokens to think with', () => {
  interface Budgets {
    readonly tokens: Readonly<Record<string, number>>;
    readonly efforts: readonly string[];
    readonly efforts_of_claude: readonly string[];
  }
  const numbers = [1_024, 1_500, 2_047, 2_048, 4_095, 4_096, 8_191, 8_192, 16_384, 60_000];

  test(
    'are the efforts that LiteLLM has them for',
    async () => {
      const theirs = (await runPython(python, 'litellm-budgets.py', numbers)) as Budgets;
      // Anthropic takes no fewer, whatever LiteLLM has an effort stand for.
      const tokens = Object.entries(theirs.tokens).map(([effort, count]) => [
        effort,
        Math.max(count, leastBudget),
      ]);
      expect(Object.fromEntries(tokens)).toEqual(
        Object.fromEntries(Object.keys(theirs.tokens).map((effort) => [effort, budgetOf(effort)])),
      );
      const asked = numbers.map((budgetTokens) =>
        askedEffort({ effort: undefined, budgetTokens, isShown: true }),
      );
      expect(asked).toEqual(theirs.efforts);
      expect(numbers.map(claudesEffortOf)).toEqual(theirs.efforts_of_claude);
    },
    twoMinutes,
  );
});
