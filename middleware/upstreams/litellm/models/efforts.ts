import type { JsonObject } from '../../../kernel/json-object.ts';

/** From the least to the most; those without a member are taken by every model that reasons. */
const efforts = [
  { name: 'none', saidBy: 'supports_none_reasoning_effort' },
  { name: 'minimal', saidBy: 'supports_minimal_reasoning_effort' },
  { name: 'low', saidBy: undefined },
  { name: 'medium', saidBy: undefined },
  { name: 'high', saidBy: undefined },
  { name: 'xhigh', saidBy: 'supports_xhigh_reasoning_effort' },
  { name: 'max', saidBy: 'supports_max_reasoning_effort' },
] as const;

/** The efforts that a model takes by what LiteLLM knows of it. */
export function effortsOf(info: JsonObject): readonly string[] {
  return efforts.flatMap(({ name, saidBy }) => (saidBy === undefined || info[saidBy] === true ? [name] : []));
}
