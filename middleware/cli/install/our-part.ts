import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { providerId } from '../codex/provider-settings.ts';
import { mcpId } from '../../protocol/codex/mcp-id.ts';
import { memberAt, tableAt, textAt } from '../codex/codex-config-file.ts';
import type { TomlPath } from './codex-toml.ts';
import type { Segment } from '../../features/install/planned-file.ts';

/** What `init` wrote into a `config.toml`, as far as the user may have changed it since. */
interface Written {
  readonly model: string | undefined;
  /** Hashes of hooks, by the key that Codex gives them. */
  readonly hookStates: JsonObject;
}

/**
 * What is ours in a `config.toml` as it is now, by path: what `init` wrote and nobody has changed to something else
 * since.
 */
export function ourPart(document: JsonObject, segments: readonly Segment[]): readonly TomlPath[] {
  const written = writtenBy(segments);
  const paths: TomlPath[] = [];
  if (document['model_provider'] === providerId) paths.push(['model_provider']);
  if (written.model !== undefined && document['model'] === written.model) paths.push(['model']);
  paths.push(['model_providers', providerId], ['mcp_servers', mcpId]);
  const hooks = Object.keys(tableAt(document, 'hooks')).flatMap((event) => ourHooks(document, event));
  return [...paths, ...hooks, ...ourStates(document, written, hooks)];
}

function writtenBy(segments: readonly Segment[]): Written {
  const text = segments.map((segment) => (segment.kind === 'insert' ? segment.text : '')).join('');
  const document: JsonObject = getStaticTOMLValue(parseTOML(text));
  return { model: textAt(document, 'model'), hookStates: tableAt(document, 'hooks', 'state') };
}

/** Our handlers of an event; a group that has no other handler is ours as a whole. */
function ourHooks(document: JsonObject, event: string): TomlPath[] {
  return entries(memberAt(document, 'hooks', event)).flatMap((group, index) => {
    const handlers = entries(isJsonObject(group) ? group['hooks'] : undefined);
    const ours = handlers.flatMap((handler, i) =>
      isJsonObject(handler) && handler['server'] === mcpId ? [['hooks', event, index, 'hooks', i]] : [],
    );
    return ours.length > 0 && ours.length === handlers.length ? [['hooks', event, index]] : ours;
  });
}

/** Codex writes a key anew when its user decides about the hook that stands there now, which need no longer be ours. */
function ourStates(document: JsonObject, { hookStates }: Written, hooks: readonly TomlPath[]): TomlPath[] {
  const places = hooks.map(
    ([, event = '', group = 0, , handler = 0]) => `:${snakeCase(String(event))}:${group}:${handler}`,
  );
  const isOurs = (key: string): boolean => {
    const hash = textAt(document, 'hooks', 'state', key, 'trusted_hash');
    const isAsWritten = isJsonObject(hookStates[key]) && hookStates[key]['trusted_hash'] === hash;
    return isAsWritten || places.some((place) => key.endsWith(place));
  };
  return Object.keys(hookStates)
    .filter((key) => isOurs(key))
    .map((key) => ['hooks', 'state', key]);
}

function entries(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function snakeCase(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase();
}
