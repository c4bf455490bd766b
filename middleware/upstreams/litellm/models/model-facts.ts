import type { JsonObject } from '../../../kernel/json-object.ts';
import type { CatalogModel, Fact } from '../../../protocol/codex/model-catalog.ts';
import { effortsOf } from './efforts.ts';
import { takenByAll } from './taken-by-all.ts';
import { tokenLimitAt } from './token-limit-at.ts';

/** A deployment, of which several may share a name. */
export interface KnownDeployment {
  /** What LiteLLM says of it, with what the configuration says in its place. */
  readonly info: JsonObject;
  /** `model_info` of its entry in the configuration. */
  readonly configured: JsonObject;
}

/** Where nobody knows a model's limit: what most current models have at least. */
const usualContextTokens = 128_000;

/** What all deployments of a name can do: LiteLLM takes whichever it likes. */
export function modelFacts(deployments: readonly KnownDeployment[]): Omit<CatalogModel, 'name' | 'provider'> {
  const context = least(deployments, 'max_input_tokens');
  return {
    contextTokens: { ...context, value: context.value ?? usualContextTokens },
    maxOutputTokens: least(deployments, 'max_output_tokens'),
    takesImages: saidOfAll(deployments, 'supports_vision'),
    efforts: effortsOfAll(deployments),
  };
}

const unknown = { value: undefined, source: 'assumed' } as const;

function least(deployments: readonly KnownDeployment[], key: string): Fact<number | undefined> {
  const known = deployments.flatMap(({ info, configured }): readonly Fact<number>[] => {
    const value = tokenLimitAt(info, key);
    return value === undefined ? [] : [{ value, source: sourceOf(configured, key) }];
  });
  return known.toSorted((one, other) => one.value - other.value)[0] ?? unknown;
}

function saidOfAll(deployments: readonly KnownDeployment[], key: string): Fact<boolean> {
  const known = deployments.map(({ info, configured }): Fact<boolean> =>
    typeof info[key] === 'boolean'
      ? { value: info[key], source: sourceOf(configured, key) }
      : { value: false, source: 'assumed' },
  );
  return known.find(({ value }) => !value) ?? known[0] ?? { value: false, source: 'assumed' };
}

function effortsOfAll(deployments: readonly KnownDeployment[]): Fact<readonly string[]> {
  const reasons = saidOfAll(deployments, 'supports_reasoning');
  if (!reasons.value) return { value: [], source: reasons.source };
  return { value: takenByAll(deployments.map(({ info }) => effortsOf(info))), source: reasons.source };
}

function sourceOf(configured: JsonObject, key: string): Fact<unknown>['source'] {
  return configured[key] === undefined ? 'litellm' : 'configured';
}
