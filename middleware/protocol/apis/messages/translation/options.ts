import { efforts } from '../../../translation/nearest-effort.ts';
import { flag, number, object, oneOf, type OptionRule } from '../../../translation/options/option-rule.ts';

/** What a request of the Messages API may ask of a model that only says texts and calls tools. */
export const messagesOptions: readonly OptionRule[] = [
  flag('stream'),
  ...['max_tokens', 'temperature', 'top_p'].map((name) => number(name)),
  ...['output_config', 'thinking', 'tool_choice'].map((name) => object(name)),
  oneOf(efforts, 'output_config', 'effort'),
  oneOf(['json_schema'], 'output_config', 'format', 'type'),
  oneOf(['adaptive', 'disabled', 'enabled'], 'thinking', 'type'),
  oneOf(['any', 'auto', 'none', 'tool'], 'tool_choice', 'type'),
];
