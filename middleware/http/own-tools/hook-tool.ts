import type { Caller } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { OwnTool } from './own-tool.ts';

/** What a hook of Codex's own tells, and what Codex understands as the answer; an empty text says nothing. */
export type NativeHook = (told: JsonObject, caller: Caller) => Promise<string>;

/**
 * `hook`: what Codex's own hooks call, so that calls which never cross the wire are decided as well. It takes
 * whatever fields the event has, and its text is read as a hook's answer.
 */
export function hookTool(run: NativeHook): OwnTool {
  return {
    name: 'hook',
    description:
      'Not for models, do not call it: hooks of Codex call it, to run the hooks that Codex-Plus has for an event.',
    // Models of other clients would read of it for nothing; and our own command line is no Codex.
    isListed: (clientName) => clientName.startsWith('codex-mcp-client'),
    inputSchema: {
      type: 'object',
      properties: { hook_event_name: { type: 'string' }, session_id: { type: 'string' } },
      required: ['hook_event_name', 'session_id'],
    },
    call: (told, { caller }) => run(told, caller),
  };
}
