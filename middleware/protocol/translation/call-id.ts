import { createHash } from 'node:crypto';

/** What all providers take; Anthropic's is the narrowest. */
const taken = /^[\w-]{1,64}$/;
const digestLength = 24;

/** The id of a call for any provider: some give ids that others refuse. The same id for a call and its result. */
export function providerCallId(callId: string): string {
  if (taken.test(callId)) return callId;
  return `call_${createHash('sha256').update(callId).digest('hex').slice(0, digestLength)}`;
}
