import type { TextTransform } from '../../features/hooks/scripts/text-transform.ts';
import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { placeKey } from '../../features/hooks/sessions/hook-place.ts';
import type { StartPostOutput } from '../hooks/start-post-output.ts';
import { transformTexts } from './transform-texts.ts';

interface PostOutputOptions {
  readonly start: StartPostOutput;
}

/** Sends what the user reads through the `post_output` scripts, while it streams. Summaries of a compaction are not for the user. */
export function createPostOutputFilter({ start }: PostOutputOptions): AnswerFilter {
  const transformOf = async (exchange: Exchange): Promise<TextTransform | undefined> => {
    const place = exchange.state.get(placeKey);
    return place === undefined ? undefined : start(place, exchange.signal);
  };
  return {
    name: 'post-output',
    wants: (exchange) =>
      (exchange.turn.kind === 'user' || exchange.turn.kind === 'subagent') &&
      exchange.state.get(placeKey)?.hooks.scripts.some(({ slot }) => slot === 'post_output') === true,
    events: (frames, exchange) => throughScripts(frames, exchange, transformOf),
    json: async (answer, exchange) => {
      const transform = await transformOf(exchange);
      if (transform === undefined) return answer;
      return codecOf(exchange.request.api).answer.replaceTexts(answer, (text) => whole(transform, text));
    },
  };
}

async function* throughScripts(
  frames: AsyncIterable<SseFrame>,
  exchange: Exchange,
  transformOf: (exchange: Exchange) => Promise<TextTransform | undefined>,
): AsyncGenerator<SseFrame, void, undefined> {
  const transform = await transformOf(exchange);
  yield* transform === undefined ? frames : transformTexts(frames, exchange.request.api, transform);
}

async function whole(transform: TextTransform, text: string): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of transform(once(text))) pieces.push(piece);
  return pieces.join('');
}

// eslint-disable-next-line @typescript-eslint/require-await -- a text that is there already, where one that comes is wanted
async function* once(text: string): AsyncGenerator<string, void, undefined> {
  if (text !== '') yield text;
}
