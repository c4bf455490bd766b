import { objectIn, parseJson } from '../../../kernel/json-object.ts';
import type { LocalAnswerHead } from '../local-answer.ts';
import type { SentStream } from '../local-codec.ts';
import { responseHeadOf } from './local-answer.ts';
import { frameBytes } from '../../sse/sse-frame.ts';

/**
 * The end of a stream of the Responses API that can't be finished. The official SDKs hide the message of an end
 * that has another id than the beginning, or no beginning at all: where none was sent, one of ours stands before.
 */
export function failedResponse(
  error: { readonly code: string; readonly message: string },
  { opening, last }: SentStream,
  head: LocalAnswerHead,
): Buffer {
  const begun = objectIn(objectIn(parseJson(opening ?? ''))['response']);
  const hasBegun = typeof begun['id'] === 'string';
  const response = hasBegun ? begun : { ...responseHeadOf(head), status: 'in_progress', output: [] };
  const failed = { ...response, status: 'failed', error };
  const events = [
    ...(hasBegun ? [] : [{ type: 'response.created', response }]),
    { type: 'response.failed', response: failed },
  ];
  const first = numberBehind(last);
  const frames = events.map((event, index) => {
    const numbered = first === undefined ? event : { ...event, sequence_number: first + index };
    return frameBytes(JSON.stringify(numbered), event.type);
  });
  return Buffer.concat(frames);
}

/** The number of the next frame; `undefined` where the upstream numbers nothing. */
function numberBehind(last: string | undefined): number | undefined {
  if (last === undefined) return 0;
  const number = objectIn(parseJson(last))['sequence_number'];
  return typeof number === 'number' ? number + 1 : undefined;
}
