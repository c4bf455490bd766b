import { describe, expect, test } from '@jest/globals';
import { SeenClients } from '../../../middleware/features/clients/seen-clients.ts';
import type { Client } from '../../../middleware/kernel/exchange.ts';
import type { Log } from '../../../middleware/kernel/log.ts';
import type { Outcome } from '../../../middleware/kernel/outcome.ts';
import { clientOf } from '../../../middleware/protocol/codex/client.ts';

function outcomeOf(client: Client): Outcome {
  return { exchange: { client } } as Outcome;
}

describe('clientOf', () => {
  for (const [userAgent, more, expected] of [
    [
      'codex_exec/0.169.0 (Debian 12.0.0; x86_64) xterm (codex_exec; 0.169.0)',
      [],
      { kind: 'codex', version: '0.169.0' },
    ],
    ['codex-tui/0.170.0-alpha.1 (x)', [], { kind: 'codex', version: '0.170.0-alpha.1' }],
    ['my-app/1.2', ['x-codex-turn-metadata', '{}'], { kind: 'codex', version: '1.2' }],
    ['node', ['originator', 'codex_sdk_ts'], { kind: 'codex', version: undefined }],
    ['claude-cli/2.1.329 (external, cli)', [], { kind: 'claude', version: '2.1.329' }],
    ['OpenAI/JS 7.57.0', [], { kind: 'other', version: undefined }],
  ] as const) {
    test(`"${userAgent}" is ${expected.kind} ${expected.version ?? 'of no known version'} [PX-7]`, () => {
      expect(clientOf(['User-Agent', userAgent, ...more])).toEqual(expected);
    });
  }
});

describe('SeenClients', () => {
  test('each version is listed once, and an untested Codex is warned about once [PX-7]', () => {
    const warnings: string[] = [];
    const log = { warn: (message: string) => warnings.push(message) } as unknown as Log;
    const clients = new SeenClients({ testedCodexVersions: ['0.169.0'], log });
    for (const version of ['0.169.0', '0.171.0', '0.171.0', '0.28.0'])
      clients.finished(outcomeOf({ kind: 'codex', version }));
    clients.finished(outcomeOf({ kind: 'claude', version: '2.1.329' }));
    clients.finished(outcomeOf({ kind: 'other', version: '1' }));
    expect(clients.list()).toEqual([
      { kind: 'codex', version: '0.169.0', tested: true },
      { kind: 'codex', version: '0.171.0', tested: false },
      { kind: 'codex', version: '0.28.0', tested: false },
      { kind: 'claude', version: '2.1.329', tested: undefined },
    ]);
    expect(warnings).toEqual([
      expect.stringContaining('Codex 0.171.0 was not tested'),
      expect.stringContaining('Codex 0.28.0 is older than 0.29'),
    ]);
  });
});
