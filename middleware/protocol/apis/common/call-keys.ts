import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { parseJson } from '../../../kernel/json-object.ts';
import type { ToolCall } from '../tool-call.ts';

/**
 * What a call in a conversation is recognised by: first its id with what it calls for, since a provider may count the
 * ids of its calls anew in each turn; then the id alone, since a client may write the input in another way.
 */
export function callKeys({ callId, name, namespace = '', input }: ToolCall): readonly string[] {
  const said = canonicalJson([namespace, name, parseJson(input) ?? input]);
  return [`call ${callId} ${createHash('sha256').update(said).digest('base64url')}`, `call ${callId}`];
}
