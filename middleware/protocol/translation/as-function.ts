import type { JsonObject } from '../../kernel/json-object.ts';
import { customParameters } from './custom-input.ts';
import type { Tool } from './model-request.ts';

/** What a tool takes, where a provider knows functions alone. */
export function functionParameters({ kind, parameters }: Tool): JsonObject {
  if (kind === 'custom') return customParameters;
  return parameters === undefined || Object.keys(parameters).length === 0
    ? { type: 'object', properties: {} }
    : parameters;
}

/** What a tool is for; the form of a text that a grammar would have enforced is asked for in words. */
export function functionDescription({ description, grammar }: Tool): string {
  if (grammar === undefined) return description;
  return `${description}\n\nThe input has to match this ${grammar.syntax} grammar:\n${grammar.definition}`.trim();
}
