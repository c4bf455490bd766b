import { efforts } from '../../../translation/nearest-effort.ts';
import {
  flag,
  number,
  object,
  oneOf,
  wordOrObject,
  type OptionRule,
} from '../../../translation/options/option-rule.ts';

/** What a request of the Responses API may ask of a model that only says texts and calls tools. */
export const responsesOptions: readonly OptionRule[] = [
  ...['stream', 'parallel_tool_calls'].map((name) => flag(name)),
  ...['max_output_tokens', 'temperature', 'top_p'].map((name) => number(name)),
  ...['text', 'reasoning'].map((name) => object(name)),
  object('text', 'format'),
  oneOf(['text', 'json_object', 'json_schema'], 'text', 'format', 'type'),
  oneOf(efforts, 'reasoning', 'effort'),
  wordOrObject(['auto', 'none', 'required'], 'tool_choice'),
  {
    at: ['top_logprobs'],
    isTaken: (value) => value === 0,
    words: 'has to be 0, as this model tells no probabilities',
  },
];
