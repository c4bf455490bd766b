import { withoutHalfLetters } from '../json/without-half-letters.ts';
import { isTextWithinDepth } from '../../kernel/bounds/is-text-within-depth.ts';
import { parseJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { customParameters, wrapCustomInput } from './inputs/custom-input.ts';
import { maxInputDepth } from './inputs/input-depth.ts';
import { asStrict } from './inputs/lenient-json.ts';
import type { CallEntry, Tool } from './model-request.ts';
import { objectSchema } from './schemas/object-schema.ts';
import type { ToolNames } from './tool-names.ts';

/** A tool of any kind, where a provider knows functions alone. */
export interface OfferedFunction {
  readonly name: string;
  readonly description: string;
  /** A JSON schema of an object. */
  readonly parameters: JsonObject;
}

/** Tools as functions, each once: providers refuse two of a name. */
export function offeredFunctions(tools: readonly Tool[], names: ToolNames): readonly OfferedFunction[] {
  const offered = new Map<string, OfferedFunction>();
  for (const tool of tools) {
    const name = names.nameOf(tool);
    if (offered.has(name)) continue;
    offered.set(name, { name, description: functionDescription(tool), parameters: functionParameters(tool) });
  }
  return [...offered.values()];
}

function functionParameters({ kind, parameters }: Tool): JsonObject {
  if (kind === 'custom') return customParameters;
  return objectSchema(parameters ?? {});
}

/** What a tool is for; the form of a text that a grammar would have enforced is asked for in words. */
function functionDescription({ description, grammar }: Tool): string {
  if (grammar === undefined) return description;
  return `${description}\n\nThe input has to match this ${grammar.syntax} grammar:\n${grammar.definition}`.trim();
}

/**
 * The arguments of a call: the very letters of the model where they are an object that everybody can read, as many templates
 * read nothing else.
 */
export function functionArguments({ callKind, input }: Pick<CallEntry, 'callKind' | 'input'>): string {
  if (callKind === 'custom') return wrapCustomInput(input);
  if (input.trim() === '') return '{}';
  if (!isTextWithinDepth(input, maxInputDepth)) return wrapCustomInput(input);
  // A letter of which the model wrote the half is refused in here as well.
  if (parseJsonObject(input) !== undefined) return withoutHalfLetters(input);
  const strict = withoutHalfLetters(asStrict(input));
  return parseJsonObject(strict) === undefined ? wrapCustomInput(input) : strict;
}
