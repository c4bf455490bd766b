import { efforts } from '../../translation/nearest-effort.ts';
import {
  flag,
  number,
  object,
  oneOf,
  wordOrObject,
  type OptionRule,
} from '../../translation/options/option-rule.ts';

/** What a request of the Chat Completions API may ask of a model that only says texts and calls tools. */
export const chatOptions: readonly OptionRule[] = [
  ...['stream', 'parallel_tool_calls'].map((name) => flag(name)),
  ...['max_completion_tokens', 'max_tokens', 'temperature', 'top_p'].map((name) => number(name)),
  ...['stream_options', 'response_format'].map((name) => object(name)),
  oneOf(['text', 'json_object', 'json_schema'], 'response_format', 'type'),
  oneOf(efforts, 'reasoning_effort'),
  wordOrObject(['auto', 'none', 'required'], 'tool_choice'),
  {
    at: ['modalities'],
    isTaken: (value) => Array.isArray(value) && value.every((each) => each === 'text'),
    words: 'has to be ["text"], as this model says nothing aloud',
  },
  {
    at: ['logprobs'],
    isTaken: (value) => value === false,
    words: 'has to be false, as this model tells no probabilities',
  },
  {
    at: ['top_logprobs'],
    isTaken: (value) => value === 0,
    words: 'has to be 0, as this model tells no probabilities',
  },
];
