import { efforts } from '../../translation/nearest-effort.ts';
import {
  flag,
  formWithSchema,
  numberFrom,
  object,
  oneOf,
  stopTexts,
  textOption,
  tokenBias,
  wholeNumber,
  type OptionRule,
} from '../../translation/options/option-rule.ts';
import { openaiFormats, openaiOptionRules, verbosities } from '../common/openai-options.ts';

/** What a request of the Chat Completions API may ask of a model that only says texts and calls tools. */
export const chatOptions: readonly OptionRule[] = [
  ...openaiOptionRules,
  ...['max_completion_tokens', 'max_tokens'].map((name) => wholeNumber(1, name)),
  ...['presence_penalty', 'frequency_penalty'].map((name) => numberFrom([-2, 2], name)),
  stopTexts('stop'),
  ...['stream_options', 'response_format'].map((name) => object(name)),
  oneOf(openaiFormats, 'response_format', 'type'),
  formWithSchema(['json_schema'], 'response_format'),
  object('response_format', 'json_schema', 'schema'),
  textOption('response_format', 'json_schema', 'name'),
  flag('response_format', 'json_schema', 'strict'),
  oneOf(efforts, 'reasoning_effort'),
  oneOf(verbosities, 'verbosity'),
  tokenBias('logit_bias'),
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
