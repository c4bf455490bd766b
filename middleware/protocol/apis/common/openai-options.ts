import { isJsonObject, objectIn, type JsonObject } from '../../../kernel/json-object.ts';
import { withoutAbsent } from '../../json/without-absent.ts';
import type {
  AllowedTool,
  AnswerFormat,
  ModelRequest,
  NamedTool,
  ToolChoice,
} from '../../translation/model-request.ts';
import type { ModelTraits } from '../../translation/model-traits.ts';
import { fitsStrict } from '../../translation/schemas/fits-strict.ts';
import { flagAt, objectAt, objectsIn, textAt, isText } from './read-event.ts';
import {
  anyWholeNumber,
  flag,
  numberFrom,
  object,
  oneOf,
  textOption,
  wordOrObject,
  type OptionRule,
} from '../../translation/options/option-rule.ts';

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
 * Which tool the model is to call, or may; `undefined` where nothing is said. `toldIn`: what of a choice, or of one of a list of
 * allowed tools, holds its name or mode.
 */
export function openaiToolChoice(
  choice: unknown,
  toldIn: (choice: JsonObject) => JsonObject,
): ToolChoice | undefined {
  if (choice === 'auto' || choice === 'none') return { kind: choice };
  if (choice === 'required') return { kind: 'any' };
  if (!isJsonObject(choice)) return undefined;
  const told = toldIn(choice);
  if (choice['type'] === 'allowed_tools')
    return {
      kind: told['mode'] === 'required' ? 'any' : 'auto',
      among: objectsIn(told['tools']).map((tool) => allowedTool(tool, toldIn(tool))),
    };
  const name = nameTold(choice, told);
  const namespace = textAt(told, 'namespace') || undefined;
  return name === '' ? undefined : { kind: 'tool', tool: { kind: 'function', namespace, name } };
}

function allowedTool(tool: JsonObject, told: JsonObject): AllowedTool {
  const name = nameTold(tool, told);
  if (tool['type'] === 'namespace') return { namespace: name };
  return { namespace: textAt(told, 'namespace') || undefined, name };
}

/** Some that clients run have no name but their types; what a server at the provider calls a tool is none of the client's. */
function nameTold({ type }: JsonObject, told: JsonObject): string {
  if (type === 'local_shell' || type === 'tool_search') return type;
  return type === 'mcp' ? '' : textAt(told, 'name');
}

/** The same as OpenAI takes it; `undefined` where the model decides, as it does where it cannot be forced to call a tool. `named`: how a tool that has to be called is told. */
export function writtenToolChoice(
  { toolChoice, entries }: ModelRequest,
  { takesForcedTools }: Pick<ModelTraits, 'takesForcedTools'>,
  named: (tool: NamedTool) => JsonObject,
): unknown {
  if (toolChoice?.kind === 'none' || entries.some(({ kind }) => kind === 'compact')) return 'none';
  if (!takesForcedTools) return undefined;
  if (toolChoice?.kind === 'any') return 'required';
  return toolChoice?.kind === 'tool' ? named(toolChoice.tool) : undefined;
}

/** The form of an answer as OpenAI takes it. `told`: where the schema and its name stand. It is enforced only where that is possible. */
export function writtenFormat(
  format: AnswerFormat | undefined,
  told: (schema: JsonObject) => JsonObject,
): JsonObject | undefined {
  if (format === undefined) return undefined;
  const { schema, name = 'answer', isStrict } = format;
  if (schema === undefined) return { type: 'json_object' };
  const strict = isStrict === true ? fitsStrict(schema) : isStrict;
  return { type: 'json_schema', ...told(withoutAbsent({ name, schema, strict })) };
}

/** Whether a stream is to tell its usage: in `stream_options`, or beside it, as older clients of other servers ask. */
export function asksForUsage({ stream_options: options, include_usage: beside }: JsonObject): boolean {
  return objectIn(options)['include_usage'] === true || beside === true;
}

/** Texts at which an answer stops: one, or a list of them. */
export function readStops(stop: unknown): readonly string[] | undefined {
  const stops = (Array.isArray(stop) ? (stop as unknown[]) : [stop]).filter(isText);
  return stops.length === 0 ? undefined : stops;
}

/** What requests of both of OpenAI's APIs may ask of a model that only says texts and calls tools. */
export const openaiOptionRules: readonly OptionRule[] = [
  ...['stream', 'parallel_tool_calls'].map((name) => flag(name)),
  ...[numberFrom([0, 2], 'temperature'), numberFrom([0, 1], 'top_p'), anyWholeNumber('seed')],
  ...['user', 'prompt_cache_key'].map((name) => textOption(name)),
  oneOf(['auto', 'default', 'flex', 'scale', 'priority'], 'service_tier'),
  object('metadata'),
  wordOrObject(['auto', 'none', 'required'], 'tool_choice'),
  {
    at: ['top_logprobs'],
    isTaken: (value) => value === 0,
    words: 'has to be 0, as this model tells no probabilities',
  },
];

/** Of the form of a text, wherever it stands. */
export const openaiFormats: readonly string[] = ['text', 'json_object', 'json_schema'];

/** How much an answer is to say. */
export const verbosities: readonly string[] = ['low', 'medium', 'high'];
