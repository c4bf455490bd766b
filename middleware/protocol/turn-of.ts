import { headerValue, type RawHeaders } from '../kernel/headers.ts';
import type { Turn, TurnKind } from '../kernel/turn.ts';

const nothing: Turn = { kind: 'user', sessionId: undefined, turnId: undefined, workspaces: [] };

/**
 * The turn that a request belongs to, from its headers. Codex tells it in `x-codex-turn-metadata` (measured with 0.169.0);
 * other clients may name a session and a folder as `x-codex-plus-session` and `x-codex-plus-workspace`.
 */
export function turnOf(headers: RawHeaders): Turn {
  const metadata = readMetadata(headerValue(headers, 'x-codex-turn-metadata'));
  const workspace = headerValue(headers, 'x-codex-plus-workspace');
  const named = workspace === undefined ? [] : [workspace];
  const session = headerValue(headers, 'x-codex-plus-session') ?? headerValue(headers, 'session-id');
  if (metadata === undefined) {
    return session === undefined && named.length === 0
      ? nothing
      : { ...nothing, sessionId: session, workspaces: named };
  }
  return {
    kind: kindOf(metadata),
    // A sub-agent and the title have threads of their own; the session is the user's.
    sessionId: textAt(metadata, 'session_id') ?? session,
    turnId: textAt(metadata, 'turn_id'),
    workspaces: [...named, ...foldersAt(metadata)],
  };
}

type Metadata = Readonly<Record<string, unknown>>;

function kindOf(metadata: Metadata): TurnKind {
  const source = metadata['thread_source'];
  const request = metadata['request_kind'];
  if (source === 'thread_title') return 'title';
  if (request === 'compaction') return 'compaction';
  if (request === 'prewarm') return 'prewarm';
  return source === 'subagent' ? 'subagent' : 'user';
}

function readMetadata(text: string | undefined): Metadata | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Metadata)
      : undefined;
  } catch {
    // Not what Codex sends: it tells nothing.
    return undefined;
  }
}

function textAt(metadata: Metadata, key: string): string | undefined {
  const value = metadata[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function foldersAt(metadata: Metadata): string[] {
  const folders = metadata['workspaces'];
  return typeof folders === 'object' && folders !== null ? Object.keys(folders) : [];
}
