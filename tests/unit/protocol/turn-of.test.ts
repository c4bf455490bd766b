import { describe, expect, test } from '@jest/globals';
import type { Turn } from '../../../middleware/kernel/turn.ts';
import { turnOf } from '../../../middleware/protocol/codex/turn-of.ts';

function codex(metadata: object): string[] {
  return ['session-id', 'thread', 'X-Codex-Turn-Metadata', JSON.stringify(metadata)];
}

function told(headers: readonly string[], path = '/responses'): Turn {
  return turnOf({ path, headers });
}

describe('turnOf', () => {
  test('Codex tells session, turn and what the request is for [CFG-1] [CMD-7]', () => {
    const ids = { session_id: 's', turn_id: 't' };
    for (const [more, kind] of [
      [{ thread_source: 'user', request_kind: 'turn' }, 'user'],
      [{ thread_source: 'thread_title', request_kind: 'turn' }, 'title'],
      [{ thread_source: 'user', request_kind: 'compaction' }, 'compaction'],
      [{ thread_source: 'user', request_kind: 'prewarm' }, 'prewarm'],
      [{ thread_source: 'subagent', request_kind: 'turn' }, 'subagent'],
    ] as const) {
      expect(told(codex({ ...ids, ...more }))).toEqual({
        kind,
        sessionId: 's',
        turnId: 't',
        isOneShot: false,
      });
    }
  });

  test('other clients name a session by our header, or nothing [CFG-1]', () => {
    expect(told(['X-Codex-Plus-Session', 's'])).toEqual({
      kind: 'user',
      sessionId: 's',
      turnId: undefined,
      isOneShot: false,
    });
    expect(told(['x-codex-turn-metadata', 'no json'])).toEqual({
      kind: 'user',
      sessionId: undefined,
      turnId: undefined,
      isOneShot: false,
    });
  });

  test('codex exec has nobody who could answer a question [CMD-2]', () => {
    expect(told(codex({ turn_trigger: 'exec' })).isOneShot).toBe(true);
    expect(told(codex({ turn_trigger: 'user' })).isOneShot).toBe(false);
  });

  test('at the path for compactions there is nothing else, whatever the client says [PX-6]', () => {
    for (const path of ['/responses/compact', '/responses/compact/?a=b'])
      expect(told(codex({ thread_source: 'user', request_kind: 'turn' }), path)).toEqual({
        kind: 'compaction',
        sessionId: 'thread',
        turnId: undefined,
        isOneShot: false,
      });
    expect(told([], '/responses/resp_1').kind).toBe('user');
  });
});
