import type { Forwarding } from '../connection.ts';
import { McpFailure } from '../mcp-failure.ts';

/** For a question of ours: what the server wants to know in turn has nobody who could answer. */
export function askForNobody(signal: AbortSignal, maxTokens: number): Forwarding {
  return {
    client: 'codex-plus',
    abilities: {},
    logLevel: undefined,
    onLog: () => undefined,
    signal,
    maxTokens,
  };
}

/** Where it wants to know something all the same, as servers of the newer protocol say in place of an answer. */
export function nobodyToAnswer(): McpFailure {
  return new McpFailure('unusable', 'it asks for something that nobody can answer here');
}
