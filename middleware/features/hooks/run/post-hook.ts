import type { HookPost, HookPostAnswer } from '../hook-effects.ts';

/** Posts a hook's input to its address and reads as much of the answer as counts. */
export async function postHook({
  url,
  headers,
  body,
  signal,
  maxAnswerBytes,
}: HookPost): Promise<HookPostAnswer> {
  const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
  const chunks: Uint8Array[] = [];
  let length = 0;
  const pieces: AsyncIterable<Uint8Array> | readonly Uint8Array[] = answer.body ?? [];
  for await (const chunk of pieces) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop gives the rest of the answer up.
    if (length > maxAnswerBytes) break;
  }
  return {
    status: answer.status,
    body: Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8'),
    isCut: length > maxAnswerBytes,
  };
}
