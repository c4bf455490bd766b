import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { AnswerFormat, ToolChoice } from '../../translation/model-request.ts';
import { flagAt, objectAt, textAt } from './read-event.ts';

/** The form that an answer is to have. `told`: what holds the schema and its name, each API in a place of its own. */
export function openaiFormat(format: JsonObject, told: JsonObject): AnswerFormat | undefined {
  if (format['type'] === 'json_object') return { schema: undefined, name: undefined, isStrict: undefined };
  if (format['type'] !== 'json_schema') return undefined;
  return {
    schema: objectAt(told, 'schema'),
    name: textAt(told, 'name') || undefined,
    isStrict: flagAt(told, 'strict'),
  };
}

/**
 * Which tool the model is to call; `undefined` where nothing is said. One of a list of allowed tools is a free choice here.
 * `toldIn`: what of a choice holds its name or mode.
 */
export function openaiToolChoice(
  choice: unknown,
  toldIn: (choice: JsonObject) => JsonObject,
): ToolChoice | undefined {
  if (choice === 'auto' || choice === 'none') return { kind: choice };
  if (choice === 'required') return { kind: 'any' };
  if (!isJsonObject(choice)) return undefined;
  const told = toldIn(choice);
  if (choice['type'] === 'allowed_tools') return { kind: told['mode'] === 'required' ? 'any' : 'auto' };
  const name = textAt(told, 'name');
  const namespace = textAt(told, 'namespace') || undefined;
  return name === '' ? undefined : { kind: 'tool', tool: { namespace, name } };
}
