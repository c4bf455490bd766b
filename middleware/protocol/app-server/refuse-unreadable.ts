import { CodexPlusError } from '../../kernel/errors.ts';
import type { ModelRequest } from '../translation/model-request.ts';
import { brokenSchema } from '../translation/schemas/broken-schema.ts';

/** Throws a CodexPlusError for what Codex would refuse once a thread of it runs, and says where it stands. */
export function refuseUnreadable({ entries, tools }: ModelRequest): void {
  if (entries.length === 0)
    throw new CodexPlusError('invalid_body', 'the conversation is empty: nothing in it can be answered');
  for (const { name, parameters } of tools) {
    if (name === '') throw new CodexPlusError('invalid_body', 'a tool has no name');
    const fault = brokenSchema(parameters ?? {}) ?? wrongTop(parameters?.['type']);
    if (fault !== undefined)
      throw new CodexPlusError(
        'invalid_body',
        `the JSON schema of the tool "${name}" cannot be read: ${fault}`,
      );
  }
}

function wrongTop(type: unknown): string | undefined {
  const isObject = type === undefined || [type].flat().includes('object');
  return isObject ? undefined : 'parameters.type has to be object';
}
