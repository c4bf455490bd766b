import { efforts } from '../../../translation/nearest-effort.ts';
import {
  flag,
  formWithSchema,
  object,
  oneOf,
  textOption,
  wholeNumber,
  type OptionRule,
} from '../../../translation/options/option-rule.ts';
import { openaiFormats, openaiOptionRules, verbosities } from '../../common/openai-options.ts';

/** What a request of the Responses API may ask of a model that only says texts and calls tools. */
export const responsesOptions: readonly OptionRule[] = [
  ...openaiOptionRules,
  wholeNumber(1, 'max_output_tokens'),
  ...['text', 'reasoning'].map((name) => object(name)),
  object('text', 'format'),
  oneOf(openaiFormats, 'text', 'format', 'type'),
  formWithSchema(['schema'], 'text', 'format'),
  textOption('text', 'format', 'name'),
  flag('text', 'format', 'strict'),
  oneOf(verbosities, 'text', 'verbosity'),
  oneOf(efforts, 'reasoning', 'effort'),
];
