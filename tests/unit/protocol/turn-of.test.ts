import { describe, expect, test } from '@jest/globals';
import { turnOf } from '../../../middleware/protocol/codex/turn-of.ts';

function codex(metadata: object): string[] {
  return ['session-id', 'thread', 'X-Codex-Turn-Metadata', JSON.stringify(metadata)];
}

describe('turnOf', () => {
  test('Codex tells session, turn and what the request is for [CFG-1] [CMD-7]', () => {
    const told = { session_id: 's', turn_id: 't' };
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
        isOneShot: false,
      });
    }
  });

  test('other clients name a session by our header, or nothing [CFG-1]', () => {
    expect(turnOf(['X-Codex-Plus-Session', 's'])).toEqual({
      kind: 'user',
      sessionId: 's',
      turnId: undefined,
      isOneShot: false,
    });
    expect(turnOf(['x-codex-turn-metadata', 'no json'])).toEqual({
      kind: 'user',
      sessionId: undefined,
      turnId: undefined,
      isOneShot: false,
    });
  });

  test('codex exec has nobody who could answer a question [CMD-2]', () => {
    expect(turnOf(codex({ turn_trigger: 'exec' })).isOneShot).toBe(true);
    expect(turnOf(codex({ turn_trigger: 'user' })).isOneShot).toBe(false);
  });
});
