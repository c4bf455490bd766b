import type { JsonObject } from '../../../kernel/json-object.ts';

interface Effort {
  readonly name: string;
  /** The member that says whether a model takes it. */
  readonly saidBy: string | undefined;
  /** Whether it is taken where nothing is said. */
  readonly isUsual: boolean;
}

/** From the least to the most, as LiteLLM reads its list. */
const efforts: readonly Effort[] = [
  { name: 'none', saidBy: 'supports_none_reasoning_effort', isUsual: false },
  { name: 'minimal', saidBy: 'supports_minimal_reasoning_effort', isUsual: false },
  { name: 'low', saidBy: 'supports_low_reasoning_effort', isUsual: true },
  { name: 'medium', saidBy: undefined, isUsual: true },
  { name: 'high', saidBy: undefined, isUsual: true },
  { name: 'xhigh', saidBy: 'supports_xhigh_reasoning_effort', isUsual: false },
  { name: 'max', saidBy: 'supports_max_reasoning_effort', isUsual: false },
];

/** All of them in one list, in place of the members above. */
const listedIn = 'reasoning_effort_levels';

/** Members that say which efforts a model takes. */
export const effortMembers: readonly string[] = [listedIn, ...efforts.flatMap(({ saidBy }) => saidBy ?? [])];

/**
 * The efforts that one of OpenAI's models for chats takes, whatever a list says of it: the first of them does not reason, and refuses
 * whatever is about it; those since 5.1 refuse each effort but one. `undefined` for all other models. Source: OpenAI's errors of
 * `gpt-5.1-chat-latest` and `gpt-5.2-chat`, "Supported values are: 'medium'".
 */
export function effortsOfChats(model: string): readonly string[] | undefined {
  const found = /(?:^|\/)gpt-[5-9](\.\d+)?-chat(?:-latest|-\d{4}-\d\d-\d\d)?$/.exec(model);
  if (found === null) return undefined;
  return found[1] === undefined && found[0].includes('gpt-5') ? [] : ['medium'];
}

/** The efforts that a model takes by what LiteLLM knows of it; `model`: as its deployment is called. */
export function effortsOf(info: JsonObject, model: string): readonly string[] {
  const listed = info[listedIn];
  if (!Array.isArray(listed)) {
    const ofChats = effortsOfChats(meant(info, model));
    if (ofChats !== undefined) return ofChats;
  }
  const taken = efforts.filter(({ name, saidBy, isUsual }) => {
    if (Array.isArray(listed)) return listed.includes(name);
    return saidBy === undefined || typeof info[saidBy] !== 'boolean' ? isUsual : info[saidBy];
  });
  return taken.map(({ name }) => name);
}

/** Whether anybody says which efforts a model takes: the usual ones of the others are a guess. */
export function tellsEfforts(info: JsonObject, model: string): boolean {
  return (
    effortsOfChats(meant(info, model)) !== undefined ||
    effortMembers.some((name) => info[name] !== undefined && info[name] !== null)
  );
}

/** Whether a model reasons; `undefined` where nobody says. */
export function saidToReason(info: JsonObject, model: string): boolean | undefined {
  const ofChats = effortsOfChats(meant(info, model));
  const said = info['supports_reasoning'];
  // LiteLLM's list has it for the one of OpenAI's chats that does not, and says nothing of some that do.
  if (ofChats !== undefined) return said !== false && ofChats.length > 0;
  return typeof said === 'boolean' ? said : undefined;
}

/** The model by the name that LiteLLM looked it up under: that of a deployment at Azure may be any word. */
function meant({ key, base_model: base }: JsonObject, model: string): string {
  return [key, base].find((name) => typeof name === 'string') ?? model;
}
