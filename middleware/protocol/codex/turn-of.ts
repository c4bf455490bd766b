import { rememberedTexts } from '../../kernel/bounds/remembered-texts.ts';
import { headerValue, type RawHeaders } from '../../kernel/headers.ts';
import { parseJsonObject, textMember, type JsonObject } from '../../kernel/json-object.ts';
import type { Turn, TurnKind } from '../../kernel/turn.ts';
import { isCompactionCall } from '../api-path.ts';

const nothing: Turn = { kind: 'user', sessionId: undefined, turnId: undefined, isOneShot: false };

/** The turn that a request belongs to. A path for compactions alone counts more than what its client tells. */
export function turnOf({ path, headers }: { readonly path: string; readonly headers: RawHeaders }): Turn {
  const told = toldIn(headers);
  return isCompactionCall(path) ? { ...told, kind: 'compaction' } : told;
}

/**
 * Codex tells it in `x-codex-turn-metadata` (measured with 0.169.0); other clients may name their conversation as
 * `x-codex-plus-session`.
 */
function toldIn(headers: RawHeaders): Turn {
  const metadata = turnMetadataIn(headers);
  const session = headerValue(headers, 'x-codex-plus-session') ?? headerValue(headers, 'session-id');
  if (metadata === undefined) return session === undefined ? nothing : { ...nothing, sessionId: session };
  return {
    kind: kindOf(metadata),
    // A sub-agent and the title have threads of their own; the session is the user's.
    sessionId: textMember(metadata, 'session_id') ?? session,
    turnId: textMember(metadata, 'turn_id'),
    isOneShot: metadata['turn_trigger'] === 'exec',
  };
}

function kindOf(metadata: JsonObject): TurnKind {
  const source = metadata['thread_source'];
  const request = metadata['request_kind'];
  if (source === 'thread_title') return 'title';
  if (request === 'compaction') return 'compaction';
  if (request === 'prewarm') return 'prewarm';
  return source === 'subagent' ? 'subagent' : 'user';
}

/** What Codex tells of the turn of a request; `undefined` where it tells nothing. */
export function turnMetadataIn(headers: RawHeaders): JsonObject | undefined {
  const text = headerValue(headers, 'x-codex-turn-metadata');
  return text === undefined ? undefined : metadataOf(text).told;
}

/** All requests of a turn have the same. */
const metadataOf = rememberedTexts((text) => ({ told: parseJsonObject(text) }));
