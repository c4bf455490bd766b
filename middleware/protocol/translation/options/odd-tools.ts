import { wrongMember } from '../../../kernel/errors.ts';
import { isGiven, isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';

/**
 * Which member of a tool that the client runs has its name; '' for the tool itself, `undefined` for one of the provider's. The tool
 * stands at `at`.
 */
type NamedAt = (tool: JsonObject, at: string) => string | undefined;

/** Throws a CodexPlusError for a list of tools in which one would be left out without a word, and names it. */
export function refuseOddTools(tools: unknown, namedAt: NamedAt): void {
  if (!isGiven(tools)) return;
  if (!Array.isArray(tools)) throw wrongMember('tools', '`tools` has to be a list of tools');
  const seen = new Map<string, { readonly at: string; readonly json: string }>();
  for (const [index, tool] of (tools as unknown[]).entries()) {
    const at = `tools[${index}]`;
    if (!isJsonObject(tool)) throw wrongMember(at, `\`${at}\` has to be an object`);
    const member = namedAt(tool, at);
    if (member === undefined) continue;
    const name = nameIn(tool, at, member);
    const first = seen.get(name);
    const json = JSON.stringify(tool);
    if (first === undefined) seen.set(name, { at, json });
    else if (first.json !== json)
      throw wrongMember(
        at,
        `\`${at}\` is another tool than \`${first.at}\`, and both have the name "${name}"; a name can stand for one tool only`,
      );
  }
}

function nameIn(tool: JsonObject, at: string, member: string): string {
  const place = member === '' ? at : `${at}.${member}`;
  const told = member === '' ? tool : tool[member];
  const name = isJsonObject(told) ? told['name'] : undefined;
  if (typeof name === 'string' && name !== '') return name;
  throw wrongMember(`${place}.name`, `\`${place}\` has no \`name\``);
}

/** The type of a tool of an API in which each has one. */
export function typeOfTool({ type }: JsonObject, at: string): string {
  if (typeof type === 'string' && type !== '') return type;
  throw wrongMember(`${at}.type`, `\`${at}\` has no \`type\``);
}
