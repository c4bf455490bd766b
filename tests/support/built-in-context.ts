import type { BuiltInContext } from '../../middleware/features/built-ins/built-in-context.ts';
import type { Command } from '../../middleware/features/commands/command.ts';
import type { HookEntry } from '../../middleware/features/hooks/config/hook-entry.ts';
import { noneHeld } from '../../middleware/features/mcp/definitions/tool-pins.ts';
import type { ServerState } from '../../middleware/features/mcp/server-state.ts';
import type { ConfigSource, Scope } from '../../middleware/kernel/config-source.ts';
import { UserError } from '../../middleware/kernel/user-error.ts';
import {
  makeSnapshot,
  type ProjectFindings,
  type ProjectSnapshot,
} from '../../middleware/platform/config/scopes/project-snapshot.ts';
import { exchangeWith } from './made-up-exchange.ts';

/** Where a project at `/home/ada/shop` has something of the given scope. */
export function sourceIn(scope: Scope, name = 'settings.json'): ConfigSource {
  const baseDir = scope === 'user' ? '/home/ada' : scope === 'enterprise' ? '/etc/claude' : '/home/ada/shop';
  const folder = scope === 'enterprise' ? baseDir : `${baseDir}/.claude`;
  return { scope, family: 'claude', file: `${folder}/${name}`, baseDir };
}

/** What is configured for that project, merged as it really is. */
export function snapshotWith(findings: Partial<ProjectFindings> = {}): ProjectSnapshot {
  const nothing = { settings: [], mcpServers: [], commandFolders: [], problems: [] };
  return makeSnapshot({ workspace: '/home/ada/shop', home: '/home/ada', ...nothing, ...findings }, 'v', {});
}

/** What is known of a server, with whatever a test needs to be different. */
export function serverState(parts: Partial<ServerState> = {}): ServerState {
  const lists = { tools: undefined, prompts: undefined, resources: undefined, guide: [] };
  return {
    ...{ ...lists, restMs: 0 },
    ...{
      state: 'idle',
      era: undefined,
      pid: undefined,
      cut: [],
      lastError: undefined,
      wantsLogin: false,
      isOwn: false,
    },
    ...parts,
  };
}

/** The context of a built-in command, with whatever a test needs to be different. */
export function builtInContext(
  parts: Partial<BuiltInContext> & {
    readonly listed?: readonly Command[];
    readonly entries?: readonly HookEntry[];
  } = {},
): BuiltInContext {
  const { listed = [], entries = [], ...rest } = parts;
  return {
    exchange: exchangeWith(),
    session: 'session-1',
    snapshot: snapshotWith(),
    askedQuestions: { known: () => Promise.resolve(() => false) },
    commands: {
      catalog: {
        list: () => Promise.resolve(listed),
        faults: () => Promise.resolve([]),
        find: (_, name) => {
          const command = listed.find((other) => other.name === name);
          return Promise.resolve(command === undefined ? { kind: 'unknown' } : { kind: 'command', command });
        },
      },
      folders: [],
      positionals: 'auto',
      effort: undefined,
    },
    hooks: { entries, selected: entries, problems: [], runs: [], isTrusted: () => false },
    editHooks: {
      add: () => {
        throw new Error('nothing is written in this test');
      },
      remove: () => undefined,
    },
    servers: {
      stateOf: () => undefined,
      statesForClients: () => Promise.resolve([]),
      decisionOn: () => Promise.resolve(undefined),
      prompts: () => Promise.resolve({ commands: [], starting: [] }),
      look: () => Promise.resolve({ kind: 'failed', reason: 'nothing is asked in this test' }),
      logins: {
        begin: () => Promise.reject(new UserError('nobody signs in in this test')),
        finish: () => Promise.reject(new UserError('nobody signs in in this test')),
        stateOf: () => Promise.resolve(undefined),
      },
      heldTools: () => Promise.resolve(noneHeld),
      acceptTools: () => Promise.resolve({ kind: 'held', held: noneHeld }),
    },
    editServers: {
      add: () => {
        throw new Error('nothing is written in this test');
      },
      placesOf: () => [],
      remove: () => Promise.resolve(undefined),
    },
    health: () => ({}),
    version: { name: 'codex-plus', version: '0.1.0', node: '24.0.0', testedCodexVersions: ['0.169.0'] },
    now: () => new Date('2026-11-24T22:48:01Z'),
    createFileWithin: () => Promise.resolve({ kind: 'refused', reason: 'is not written in this test' }),
    ...rest,
  };
}
