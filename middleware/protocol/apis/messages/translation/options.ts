import { efforts } from '../../../translation/nearest-effort.ts';
import {
  flag,
  formWithSchema,
  numberFrom,
  object,
  oneOf,
  texts,
  wholeNumber,
  type OptionRule,
} from '../../../translation/options/option-rule.ts';

/** What a request of the Messages API may ask of a model that only says texts and calls tools. */
export const messagesOptions: readonly OptionRule[] = [
  flag('stream'),
  wholeNumber(0, 'max_tokens'),
  ...['temperature', 'top_p'].map((name) => numberFrom([0, 1], name)),
  texts('stop_sequences'),
  ...['output_config', 'thinking', 'tool_choice'].map((name) => object(name)),
  oneOf(efforts, 'output_config', 'effort'),
  object('output_config', 'format'),
  oneOf(['json_schema'], 'output_config', 'format', 'type'),
  formWithSchema(['schema'], 'output_config', 'format'),
  oneOf(['adaptive', 'disabled', 'enabled'], 'thinking', 'type'),
  oneOf(['any', 'auto', 'none', 'tool'], 'tool_choice', 'type'),
];
