import { takenByAll } from '../litellm/models/taken-by-all.ts';
import type { ModelTraits } from '../../protocol/translation/model-traits.ts';
import { makerOfAll } from './maker-of.ts';

/**
 * What a request has to fit that any of several deployments may get. `areReplicas`: whether those of one provider take what any of
 * them made.
 */
export function traitsOfAll(deployments: readonly ModelTraits[], areReplicas: boolean): ModelTraits {
  const doAll = (trait: (of: ModelTraits) => boolean): boolean => deployments.every(trait);
  const isSame = (trait: (of: ModelTraits) => unknown): boolean => new Set(deployments.map(trait)).size === 1;
  // How one is told to think, the other refuses.
  const reasons = doAll((each) => each.reasons) && isSame((each) => each.thinksAdaptively);
  const [first] = deployments;
  if (first === undefined) throw new TypeError('there are no deployments');
  // What is kept for one provider is not given to another.
  const provider = isSame((each) => each.provider) ? first.provider : undefined;
  const told = deployments.flatMap(({ efforts }) => (efforts === undefined ? [] : [efforts]));
  const makers = deployments.flatMap(({ maker = [] }) => maker);
  return {
    provider,
    maker:
      isSame((each) => each.maker) || (provider !== undefined && areReplicas)
        ? makerOfAll(makers)
        : undefined,
    providerModel: first.providerModel,
    hasOtherAddress: doAll((each) => each.hasOtherAddress),
    takesImages: doAll((each) => each.takesImages),
    reasons,
    thinksAdaptively: reasons && first.thinksAdaptively,
    alwaysThinks: deployments.some((each) => each.alwaysThinks),
    // Where none of them tells, nobody knows; an empty list would say that they take none.
    efforts: told.length === 0 ? undefined : takenByAll(told),
    // Those that reason refuse it, as a rule.
    takesSampling: doAll((each) => each.takesSampling) && isSame((each) => each.reasons),
    takesSchema: doAll((each) => each.takesSchema),
    takesForcedTools: doAll((each) => each.takesForcedTools),
    takesSystemTurns: doAll((each) => each.takesSystemTurns),
    cacheMarks: Math.min(...deployments.map((each) => each.cacheMarks)),
    usualMaxTokens: least(deployments.map((each) => each.usualMaxTokens)),
    maxOutputTokens: least(deployments.map((each) => each.maxOutputTokens)),
    isDirect: doAll((each) => each.isDirect),
  };
}

function least(limits: readonly (number | undefined)[]): number | undefined {
  const known = limits.filter((limit) => limit !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
