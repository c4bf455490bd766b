import type { StarEntry } from '../../platform/config/litellm-config.ts';
import type { ModelInfo } from '../litellm/models/model-info.ts';
import { textsOfStars, withTexts } from './star-names.ts';
import { targetOfModel, type KnownTarget } from './target-of-model.ts';

/** The target of a model by the name that its client calls; `undefined` where nobody knows it. */
export type TargetOf = (model: string) => KnownTarget | undefined;

/** What the configuration says of names that LiteLLM does not tell. */
export interface ConfiguredNames {
  /** Another name of a model to its own. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Entries for many names, of which LiteLLM tells the names that it knows alone. */
  readonly stars: readonly StarEntry[];
}

interface Pattern {
  readonly name: string;
  readonly deployments: readonly ModelInfo[];
}

/**
 * The targets of all that LiteLLM has. As there, a name with stars in it stands for every name that fits and has no entry
 * of its own, the longest first. LiteLLM tells in its place the names that it knows; newer ones are found by the entry.
 */
export function knownModels(infos: readonly ModelInfo[], { aliases, stars }: ConfiguredNames): TargetOf {
  const byName = Map.groupBy(infos, ({ name }) => name);
  const targets = new Map([...byName].map(([name, deployments]) => [name, targetOfModel(deployments)]));
  const own = new Map(Object.entries(aliases));
  const infoOf = new Map(infos.map(({ params, info }) => [params['model'], info]));
  const untold = stars.filter(({ name }) => !byName.has(name)).map((star) => ({ ...star, info: {} }));
  const patterns = [...byName, ...Map.groupBy(untold, ({ name }) => name)]
    .filter(([name]) => name.includes('*'))
    .map(([name, deployments]): Pattern => ({ name, deployments }))
    .sort((a, b) => b.name.length - a.name.length);
  return (model) => {
    if (targets.has(model)) return targets.get(model);
    const name = own.get(model) ?? model;
    return targets.has(name) ? targets.get(name) : targetByPattern(patterns, name, infoOf);
  };
}

function targetByPattern(
  patterns: readonly Pattern[],
  model: string,
  infoOf: ReadonlyMap<unknown, ModelInfo['info']>,
): KnownTarget | undefined {
  for (const { name, deployments } of patterns) {
    const found = textsOfStars(name, model);
    if (found === undefined) continue;
    const filled = deployments.map((deployment) => filledIn(deployment, found));
    const target = targetOfModel(
      filled.map((deployment) => ({
        ...deployment,
        info: { ...infoOf.get(deployment.params['model']), ...deployment.info },
      })),
    );
    // Whose model it is, LiteLLM then makes out of a list of its own.
    return target?.traits.provider === undefined ? undefined : target;
  }
  return undefined;
}

/** A deployment as LiteLLM calls it: the stars in its model are what stood for them in the name. */
function filledIn({ name, params, info }: ModelInfo, found: readonly string[]): ModelInfo {
  if (typeof params['model'] !== 'string') return { name, params, info };
  return { name, info, params: { ...params, model: withTexts(params['model'], found) } };
}
