import { efforts } from '../../translation/nearest-effort.ts';
import { number, object, oneOf, type OptionRule } from '../../translation/options/option-rule.ts';
import { openaiFormats, openaiOptionRules } from '../common/openai-options.ts';

/** What a request of the Chat Completions API may ask of a model that only says texts and calls tools. */
export const chatOptions: readonly OptionRule[] = [
  ...openaiOptionRules,
  ...['max_completion_tokens', 'max_tokens'].map((name) => number(name)),
  ...['stream_options', 'response_format'].map((name) => object(name)),
  oneOf(openaiFormats, 'response_format', 'type'),
  oneOf(efforts, 'reasoning_effort'),
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
];
