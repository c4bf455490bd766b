import type { ClientCapabilities } from '@modelcontextprotocol/client';
import { isJsonObject } from '../../../kernel/json-object.ts';

/** What a client of ours can be asked by a server: its user, its model, its folders. */
export type Abilities = Pick<ClientCapabilities, 'elicitation' | 'sampling' | 'roots'>;

/**
 * The abilities among what a client declares, each as one of a few values: connections of older servers are told
 * apart by them, and a client must not have us open as many as it likes.
 */
export function abilitiesOf(declared: unknown): Abilities {
  if (!isJsonObject(declared)) return {};
  const { elicitation, sampling, roots } = declared;
  return {
    ...(isJsonObject(elicitation) && { elicitation: modesOf(elicitation) }),
    ...(isJsonObject(sampling) && { sampling: isJsonObject(sampling['tools']) ? { tools: {} } : {} }),
    ...(isJsonObject(roots) && { roots: {} }),
  };
}

/** One that names no mode has forms, as before there was another. */
function modesOf(elicitation: Readonly<Record<string, unknown>>): NonNullable<Abilities['elicitation']> {
  const hasUrl = isJsonObject(elicitation['url']);
  return { ...((isJsonObject(elicitation['form']) || !hasUrl) && { form: {} }), ...(hasUrl && { url: {} }) };
}
