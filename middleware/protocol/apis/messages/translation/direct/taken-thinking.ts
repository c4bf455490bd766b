import { isJsonObject, objectIn, type JsonObject } from '../../../../../kernel/json-object.ts';
import { withoutAbsent } from '../../../../json/without-absent.ts';
import type { ModelTraits } from '../../../../translation/model-traits.ts';
import { nearestEffort } from '../../../../translation/nearest-effort.ts';
import { budgetOf, claudesEffortOf, leastBudget } from '../../../../translation/thinking-budgets.ts';
import { numberAt } from '../../../common/number-at.ts';
import { isText, objectAt, textAt } from '../../../common/read-event.ts';

type ThinkingTraits = Pick<
  ModelTraits,
  'providerModel' | 'reasons' | 'thinksAdaptively' | 'alwaysThinks' | 'efforts'
>;

/** Takes an effort beside a budget, as older ones do not, and not all of them. Source: Anthropic API, "Effort". */
const takesEffort = 'opus-4-5';
const effortsBesideBudget: readonly string[] = ['low', 'medium', 'high'];
/** Think as long as they want, and take a budget all the same. Source: LiteLLM 1.109, `supports_legacy_thinking`. */
const takesBudget = /-4-6\b/;

/**
 * The members of a request that ask for thinking, as the model takes them; those that stay as they are, are the same values.
 * `isInLoop`: whether a tool loop runs that did not begin with a thought, so that no budget can be made for it.
 */
export function takenThinking(
  asked: JsonObject,
  traits: ThinkingTraits,
  isInLoop: () => boolean,
): JsonObject {
  const taken = traits.thinksAdaptively ? forAdaptive(asked, traits) : forBudget(asked, traits, isInLoop);
  return withoutSampling(asked, taken);
}

function forAdaptive(
  asked: JsonObject,
  { providerModel, alwaysThinks, efforts }: ThinkingTraits,
): JsonObject {
  const { thinking } = asked;
  const { type, budget_tokens: budget, display } = objectIn(thinking);
  const config = objectAt(asked, 'output_config');
  const effort = textAt(config, 'effort');
  const nearest = efforts === undefined ? undefined : nearestEffort(effort, efforts);
  const fitting = nearest === undefined || nearest === effort ? asked : withEffort(asked, nearest);
  if (type === 'disabled' && alwaysThinks) return { ...fitting, thinking: undefined };
  if (type !== 'enabled' || takesBudget.test(providerModel)) return fitting;
  const told = { ...fitting, thinking: { type: 'adaptive', ...(isText(display) ? { display } : {}) } };
  return effort === '' && typeof budget === 'number' ? withEffort(told, effortOf(budget, efforts)) : told;
}

function effortOf(budget: number, efforts: readonly string[] = effortsBesideBudget): string {
  const named = claudesEffortOf(budget);
  return nearestEffort(named, efforts) ?? named;
}

function forBudget(
  asked: JsonObject,
  { providerModel, reasons }: ThinkingTraits,
  isInLoop: () => boolean,
): JsonObject {
  const { thinking } = asked;
  const effort = textAt(objectAt(asked, 'output_config'), 'effort');
  const isAdaptive = objectIn(thinking)['type'] === 'adaptive';
  if (providerModel.includes(takesEffort) && (effort === '' || effortsBesideBudget.includes(effort)))
    return isAdaptive ? { ...asked, thinking: undefined } : asked;
  const plain = effort === '' ? asked : withEffort(asked, undefined);
  if (!reasons) return { ...plain, thinking: undefined };
  const isOwn = isJsonObject(thinking) && !isAdaptive;
  return isOwn || (!isAdaptive && effort === '')
    ? plain
    : { ...plain, thinking: isInLoop() ? undefined : budgetFor(effort, asked) };
}

/** `undefined` where there is no room for it, or a tool has to be called: Claude does not take both. */
function budgetFor(effort: string, asked: JsonObject): JsonObject | undefined {
  const most = (numberAt(asked, 'max_tokens') ?? 0) - 1;
  const choice = textAt(objectAt(asked, 'tool_choice'), 'type');
  if (most < leastBudget || choice === 'any' || choice === 'tool') return undefined;
  return { type: 'enabled', budget_tokens: Math.min(budgetOf(effort), most) };
}

function withEffort(asked: JsonObject, effort: string | undefined): JsonObject {
  const config = withoutAbsent({ ...objectAt(asked, 'output_config'), effort });
  return { ...asked, output_config: Object.keys(config).length === 0 ? undefined : config };
}

/** Claude that was not asked to think within a budget before may have been asked for what it then refuses. */
function withoutSampling(asked: JsonObject, taken: JsonObject): JsonObject {
  const isNew = taken['thinking'] !== asked['thinking'] && objectAt(taken, 'thinking')['type'] === 'enabled';
  if (!isNew) return taken;
  const { temperature } = asked;
  return { ...taken, temperature: temperature === 1 ? temperature : undefined, top_k: undefined };
}
