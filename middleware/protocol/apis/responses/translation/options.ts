import { efforts } from '../../../translation/nearest-effort.ts';
import { number, object, oneOf, type OptionRule } from '../../../translation/options/option-rule.ts';
import { openaiFormats, openaiOptionRules } from '../../common/openai-options.ts';

/** What a request of the Responses API may ask of a model that only says texts and calls tools. */
export const responsesOptions: readonly OptionRule[] = [
  ...openaiOptionRules,
  number('max_output_tokens'),
  ...['text', 'reasoning'].map((name) => object(name)),
  object('text', 'format'),
  oneOf(openaiFormats, 'text', 'format', 'type'),
  oneOf(efforts, 'reasoning', 'effort'),
];
