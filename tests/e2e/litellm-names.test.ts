import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { modelsOf } from '../../middleware/platform/config/litellm-config.ts';
import { LitellmDeployments } from '../../middleware/platform/config/deployments/litellm-deployments.ts';
import { unknownProvider } from '../../middleware/platform/config/deployments/litellm-providers.ts';
import { litellmPython, runPython } from '../support/run-python.ts';

interface Case {
  readonly model_list: readonly object[];
  readonly router_settings: object;
  readonly model_alias_map: Readonly<Record<string, string>>;
  readonly names: readonly string[];
}

/** Few names, so that they meet often; none that LiteLLM has a provider for without a prefix but those of OpenAI and Anthropic. */
const plain = [
  'a',
  'b',
  'c',
  'nobody',
  'gpt-5',
  'openai/gpt-5',
  'anthropic/x-1',
  'claude-sonnet-4-5',
  'id-1',
];
const patterns = ['*', 'openai/*', 'anthropic/*', 'a*', '*-5', 'open*/gpt-*', 'x.*y*'];
const models = ['openai/gpt-5', 'openai/*', 'anthropic/*', 'anthropic/x-*', 'gemini/g', '*'];
const called = [
  ...plain,
  'openai/gpt-5-new',
  'a.b',
  'x.1y-2',
  'ab-5c',
  'openai/*',
  'line\nbreak',
  'anthropic/x-1-5',
];

const entry = fc.record({
  model_name: fc.constantFrom(...plain.slice(0, 8), ...patterns),
  litellm_params: fc.record({ model: fc.constantFrom(...models), api_key: fc.constant('sk-made-up') }),
});
const name = fc.constantFrom(...plain);
const alias = fc.oneof(name, fc.record({ model: name, hidden: fc.boolean() }));
const configurations: fc.Arbitrary<Case> = fc
  .record({
    entries: fc.array(entry, { minLength: 1, maxLength: 5 }),
    aliases: fc.dictionary(name, alias, { maxKeys: 3 }),
    fallbacks: fc.option(fc.array(name, { minLength: 1, maxLength: 2 })),
    globalAliases: fc.dictionary(name, name, { maxKeys: 1 }),
  })
  .map(({ entries, aliases, fallbacks, globalAliases }) => ({
    model_list: entries.map((each, at) => ({ ...each, model_info: { id: `id-${at}` } })),
    router_settings: {
      model_group_alias: aliases,
      ...(fallbacks === null ? {} : { default_fallbacks: fallbacks }),
    },
    model_alias_map: globalAliases,
    names: called,
  }));

let python: string;

beforeAll(async () => {
  python = await litellmPython();
}, 120_000);

/** What LiteLLM's own proxy and router find. */
function askLitellm(cases: readonly Case[]): Promise<(readonly string[] | null)[][]> {
  return runPython(python, 'litellm-names.py', cases) as Promise<(readonly string[] | null)[][]>;
}

function ours({ model_alias_map, names, ...document }: Case): (readonly string[] | null)[] {
  const { models: deployments, naming } = modelsOf({ ...document, litellm_settings: { model_alias_map } });
  const known = new LitellmDeployments(deployments, naming);
  return names.map((each) => {
    const found = known.of(each).map(({ model }) => model);
    return found.length === 0 ? null : found.toSorted();
  });
}

test('[RT-4] names lead to the deployments that LiteLLM finds for them', async () => {
  const cases = fc.sample(configurations, { numRuns: 300, seed: 20_261_130 });
  const found = await askLitellm(cases);
  for (const [at, each] of cases.entries()) {
    const told = Object.fromEntries(each.names.map((key, index) => [key, found[at]?.[index]]));
    const known = Object.fromEntries(each.names.map((key, index) => [key, ours(each)[index]]));
    expect({ case: each, known }).toEqual({ case: each, known: told });
  }
}, 180_000);

test('[CFG-4] nothing that LiteLLM knows is called unknown here', async () => {
  const told = (await runPython(python, 'litellm-providers.py', '')) as Record<string, readonly string[]>;
  const { providers = [], hosts = [], models: whole = [] } = told;
  const entries = [
    ...whole.map((model) => ({ model })),
    ...providers.map((name) => ({ model: `${name}/x` })),
    ...hosts.map((host) => ({ model: 'acme/x', api_base: `https://${host}/v1` })),
  ];
  expect(entries.filter((params) => unknownProvider(params, []) !== undefined)).toEqual([]);
  expect(Math.min(whole.length, providers.length, hosts.length)).toBeGreaterThan(10);
}, 120_000);
