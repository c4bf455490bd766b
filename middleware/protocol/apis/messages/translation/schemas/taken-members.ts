import type { OfferedFunction } from '../../../../translation/as-function.ts';
import { objectAt } from '../../../common/read-event.ts';

/**
 * Anthropic refuses a request for a tool whose input has members of other names, at the top alone. Source: its error
 * "tools.0.custom.input_schema.properties: Property keys should match pattern", and "Tool input schema is invalid" of Claude
 * Code's documentation.
 */
const taken = /^[a-zA-Z0-9_.-]{1,64}$/;

/**
 * A tool without the members of its input that have no name there. What it is for tells of them, and Claude may name them
 * all the same: so its calls need no other names, and what the tool has to be given is given.
 */
export function withTakenMembers(offered: OfferedFunction): OfferedFunction {
  const { description, parameters } = offered;
  const properties = Object.entries(objectAt(parameters, 'properties'));
  const told = properties.filter(([name]) => !taken.test(name));
  if (told.length === 0) return offered;
  const { required, additionalProperties, ...rest } = parameters;
  const names = new Set<unknown>(Array.isArray(required) ? required : []);
  const kept = [...names].filter((name) => typeof name !== 'string' || taken.test(name));
  return {
    ...offered,
    description: [description, ...told.map((member) => wordsOf(member, names))].join('\n\n').trim(),
    parameters: {
      ...rest,
      properties: Object.fromEntries(properties.filter(([name]) => taken.test(name))),
      ...(kept.length === 0 ? {} : { required: kept }),
      // It would forbid what is told of in words.
      ...(additionalProperties === undefined || additionalProperties === false
        ? {}
        : { additionalProperties }),
    },
  };
}

function wordsOf([name, schema]: readonly [string, unknown], required: ReadonlySet<unknown>): string {
  const verb = required.has(name) ? 'has to have' : 'may have';
  return `The input ${verb} the member ${JSON.stringify(name)}, which its schema does not list: ${JSON.stringify(schema)}`;
}
