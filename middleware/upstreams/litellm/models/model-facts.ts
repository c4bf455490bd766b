import type { JsonObject } from '../../../kernel/json-object.ts';
import type { CatalogModel, Fact } from '../../../protocol/codex/model-catalog.ts';
import { effortMembers, effortsOf, saidToReason } from './efforts.ts';
import { takenByAll } from './taken-by-all.ts';
import { tokenLimitAt } from './token-limit-at.ts';

/** A deployment, of which several may share a name. */
export interface KnownDeployment {
  /** As it is called. */
  readonly model: string;
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

function saidOfAll(
  deployments: readonly KnownDeployment[],
  key: string,
  said: (deployment: KnownDeployment) => unknown = ({ info }) => info[key],
): Fact<boolean> {
  const known = deployments.map((deployment): Fact<boolean> => {
    const value = said(deployment);
    return typeof value === 'boolean'
      ? { value, source: sourceOf(deployment.configured, key) }
      : { value: false, source: 'assumed' };
  });
  return known.find(({ value }) => !value) ?? known[0] ?? { value: false, source: 'assumed' };
}

/**
 * Of whoever said most of it: a list of the configuration counts for more than that the model reasons. None where one deployment is
 * told how to think in another way than the next: what one takes the other refuses, so that neither is told.
 */
function effortsOfAll(deployments: readonly KnownDeployment[]): Fact<readonly string[]> {
  const reasons = saidOfAll(deployments, 'supports_reasoning', ({ info, model }) =>
    saidToReason(info, model),
  );
  const ways = new Set(deployments.map(({ info }) => info['supports_adaptive_thinking'] === true));
  if (!reasons.value || ways.size > 1) return { value: [], source: reasons.source };
  const isConfigured = deployments.some(({ configured }) =>
    effortMembers.some((key) => configured[key] !== undefined),
  );
  return {
    value: takenByAll(deployments.map(({ info, model }) => effortsOf(info, model))),
    source: isConfigured ? 'configured' : reasons.source,
  };
}

function sourceOf(configured: JsonObject, key: string): Fact<unknown>['source'] {
  return configured[key] === undefined ? 'litellm' : 'configured';
}
