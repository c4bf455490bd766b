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

/** The efforts that a model takes by what LiteLLM knows of it. */
export function effortsOf(info: JsonObject): readonly string[] {
  const listed = info[listedIn];
  const taken = efforts.filter(({ name, saidBy, isUsual }) => {
    if (Array.isArray(listed)) return listed.includes(name);
    return saidBy === undefined || typeof info[saidBy] !== 'boolean' ? isUsual : info[saidBy];
  });
  return taken.map(({ name }) => name);
}

/** LiteLLM's list has reasoning for this one of OpenAI's, which refuses whatever is about it. */
const isMistaken = /(?:^|\/)gpt-5-chat(?:-latest)?$/;

/** Whether a model reasons; `undefined` where nobody says. */
export function saidToReason(info: JsonObject, model = info['key']): boolean | undefined {
  const said = info['supports_reasoning'];
  if (typeof said !== 'boolean') return undefined;
  return said && !(typeof model === 'string' && isMistaken.test(model));
}
