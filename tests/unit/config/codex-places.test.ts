import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import { rootDir } from '../../support/compose-middleware.ts';

interface Places {
  readonly maxTurns?: number;
  readonly maxStreams?: number;
}

function places(codex: Places, env: Readonly<Record<string, string>> = {}): Places {
  const { maxTurns, maxStreams } = loadConfig({ rootDir, env, settings: { codex }, isTerminal: false }).codex;
  return { maxTurns, maxStreams };
}

describe('calls and streams of Codex at once', () => {
  test.each<readonly [Places, Places]>([
    [{}, { maxTurns: 64, maxStreams: 64 }],
    [{ maxStreams: 100 }, { maxTurns: 100, maxStreams: 100 }],
    [{ maxStreams: 4 }, { maxTurns: 64, maxStreams: 4 }],
    [{ maxTurns: 10 }, { maxTurns: 10, maxStreams: 10 }],
    [{ maxTurns: 100 }, { maxTurns: 100, maxStreams: 64 }],
    [
      { maxTurns: 100, maxStreams: 100 },
      { maxTurns: 100, maxStreams: 100 },
    ],
  ])('%j lets %j run [API-3]', (given, expected) => {
    expect(places(given)).toEqual(expected);
  });

  test('more streams than calls are refused, whatever says which [API-3]', () => {
    expect(() => places({ maxTurns: 10 }, { CODEX_PLUS_CODEX_MAX_STREAMS: '20' })).toThrow(
      /CODEX_PLUS_CODEX_MAX_STREAMS.*codex\.maxTurns lets 10 calls run at once/,
    );
    expect(() => places({ maxStreams: 20 }, { CODEX_PLUS_CODEX_MAX_TURNS: '10' })).toThrow(
      /codex\.maxStreams.*CODEX_PLUS_CODEX_MAX_TURNS lets 10 calls run at once/,
    );
  });
});
