import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { callAppServer } from '../../codex/app-server.ts';
import { mcpId } from '../../../protocol/codex/mcp-id.ts';
import type { CliContext } from '../../context.ts';
import type { HookFacts, ListedHook } from '../facts.ts';

/** The hooks that Codex has in this folder, and whether it trusts them; asked of Codex itself. */
export async function listHooks({ cwd, env }: CliContext): Promise<HookFacts> {
  try {
    return readHookList(await callAppServer('hooks/list', { cwds: [cwd] }, { cwd, env }));
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Reads the answer of `hooks/list`.
 * @internal exported for its tests
 */
export function readHookList(answer: unknown): HookFacts {
  const folders = objectsIn(isJsonObject(answer) ? answer['data'] : undefined);
  return {
    kind: 'listed',
    hooks: folders.flatMap(({ hooks }) => objectsIn(hooks).map(readHook)),
    errors: folders
      .flatMap(({ errors }) => objectsIn(errors).map(({ message }) => message))
      .filter((message) => typeof message === 'string'),
  };
}

function readHook(hook: JsonObject): ListedHook {
  const { eventName, handlerType, server, trustStatus, enabled, sourcePath } = hook;
  return {
    event: typeof eventName === 'string' ? eventName : 'unknown',
    isOurs: handlerType === 'mcpTool' && server === mcpId,
    isTrusted: trustStatus === 'trusted' || trustStatus === 'managed',
    isEnabled: enabled !== false,
    file: typeof sourcePath === 'string' ? sourcePath : '',
  };
}

function objectsIn(value: unknown): JsonObject[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : []).filter(isJsonObject);
}
