import { describe, expect, test } from '@jest/globals';
import { turnOf } from '../../../middleware/protocol/turn-of.ts';

function codex(metadata: object): string[] {
  return ['session-id', 'thread', 'X-Codex-Turn-Metadata', JSON.stringify(metadata)];
}

describe('turnOf', () => {
  test('Codex tells session, turn, folders and what the request is for [CFG-1] [CMD-7]', () => {
    const told = { session_id: 's', turn_id: 't', workspaces: { '/w': {}, '/v': {} } };
    for (const [more, kind] of [
      [{ thread_source: 'user', request_kind: 'turn' }, 'user'],
      [{ thread_source: 'thread_title', request_kind: 'turn' }, 'title'],
      [{ thread_source: 'user', request_kind: 'compaction' }, 'compaction'],
      [{ thread_source: 'user', request_kind: 'prewarm' }, 'prewarm'],
      [{ thread_source: 'subagent', request_kind: 'turn' }, 'subagent'],
    ] as const) {
      expect(turnOf(codex({ ...told, ...more }))).toEqual({
        kind,
        sessionId: 's',
        turnId: 't',
        workspaces: ['/w', '/v'],
      });
    }
  });

  test('other clients name a session and a folder by our headers, or nothing [CFG-1]', () => {
    expect(turnOf(['x-codex-plus-session', 's', 'X-Codex-Plus-Workspace', '/w'])).toEqual({
      kind: 'user',
      sessionId: 's',
      turnId: undefined,
      workspaces: ['/w'],
    });
    expect(turnOf(['x-codex-turn-metadata', 'no json'])).toEqual({
      kind: 'user',
      sessionId: undefined,
      turnId: undefined,
      workspaces: [],
    });
  });
});
