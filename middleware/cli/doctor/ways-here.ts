import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { providerInUse } from '../codex/provider-in-use.ts';
import { memberAt, parseCodexConfig, type CodexConfigFile } from '../codex/codex-config-file.ts';
import type { CodexFacts } from './facts.ts';
import { pointsHere } from '../instance/points-here.ts';

/** The configurations with which Codex calls the middleware: its own, and that with each of its profiles. */
export function waysHere(
  { config, profiles }: Pick<CodexFacts, 'config' | 'profiles'>,
  url: string,
): (CodexConfigFile & { readonly profile?: string })[] {
  const base = config ?? parseCodexConfig('', '');
  const withProfiles = profiles.map((profile) => ({
    ...profile,
    document: merged(base.document, profile.document),
    profile: profile.name,
    placeOf: (...path: readonly string[]) =>
      (memberAt(profile.document, ...path) === undefined ? base : profile).placeOf(...path),
  }));
  const all = config === undefined ? withProfiles : [config, ...withProfiles];
  return all.filter(({ document }) => pointsHere(providerInUse(document).baseUrl, url));
}

/** As Codex lays a profile over its configuration: tables member by member. */
function merged(base: JsonObject, over: JsonObject): JsonObject {
  const document: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = document[key];
    document[key] = isJsonObject(below) && isJsonObject(value) ? merged(below, value) : value;
  }
  return document;
}
