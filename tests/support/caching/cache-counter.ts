import { isJsonObject, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { framed } from '../framed.ts';
import type { FakeUpstream, Seen } from '../fake-upstream/fake-upstream.ts';
import { chat, messages, responses, type Shape } from '../fake-upstream/shapes.ts';
import { status, streams, type Item, type Step } from '../fake-upstream/step.ts';
import { asFunctions } from '../strict/strict-api.ts';
import { ClaudeCache } from './claude-cache.ts';
import type { CountedTokens } from './counted-tokens.ts';
import { PrefixCache } from './prefix-cache.ts';

/** What the cache of a scripted provider has of each request, counted as the real ones do. */
export interface CacheCounter {
  /** What it counted of each request. */
  readonly counted: readonly CountedTokens[];
  /** An empty cache, and a model that answers so to the nth request from here on. */
  readonly begin: (answer: (request: number) => readonly Item[]) => void;
}

interface CountingApi {
  readonly shape: Shape;
  readonly usage: (counted: CountedTokens) => JsonObject;
}

const outputTokens = 50;

const apis: readonly (readonly [RegExp, CountingApi])[] = [
  [
    /\/messages$/,
    {
      shape: messages,
      usage: ({ input, cached, written }) => ({
        ...{ input_tokens: input - cached - written, output_tokens: outputTokens },
        ...{ cache_read_input_tokens: cached, cache_creation_input_tokens: written },
      }),
    },
  ],
  [
    /\/responses$/,
    {
      shape: responses,
      usage: ({ input, cached }) => ({
        ...{ input_tokens: input, output_tokens: outputTokens, total_tokens: input + outputTokens },
        input_tokens_details: { cached_tokens: cached },
      }),
    },
  ],
  [
    /\/chat\/completions$/,
    {
      shape: { ...chat, json: withFunctions(chat.json), events: withFunctions(chat.events) },
      usage: ({ input, cached }) => ({
        ...{ prompt_tokens: input, completion_tokens: outputTokens, total_tokens: input + outputTokens },
        prompt_tokens_details: { cached_tokens: cached },
      }),
    },
  ],
];

function withFunctions<Result>(
  write: (model: string, items: readonly Item[], turn: number) => Result,
): (model: string, items: readonly Item[], turn: number) => Result {
  return (model, items, turn) => write(model, asFunctions(items), turn);
}

/** Gives a scripted provider the cache that goes with the API that is called. */
export function countCache(upstream: Pick<FakeUpstream, 'use' | 'forget'>): CacheCounter {
  const counted: CountedTokens[] = [];
  return {
    counted,
    begin: (answer) => {
      const [claude, others] = [new ClaudeCache(), new PrefixCache()];
      counted.length = 0;
      upstream.forget();
      upstream.use((seen, index) => {
        const body = seen.json ?? {};
        const api = apis.find(([path]) => path.test(seen.url.split('?')[0] ?? ''))?.[1];
        const tokens = api?.shape === messages ? claude.count(body) : others.count(body);
        if (api === undefined || tokens === undefined)
          return status(400, { error: { type: 'invalid_request_error', message: 'A maximum of 4 blocks' } });
        counted.push(tokens);
        return answered(api, seen, { items: answer(index), turn: index + 1, tokens });
      });
    },
  };
}

interface Answer {
  readonly items: readonly Item[];
  readonly turn: number;
  readonly tokens: CountedTokens;
}

function answered({ shape, usage }: CountingApi, { json }: Seen, { items, turn, tokens }: Answer): Step {
  const told = usage(tokens);
  const model = String(json?.['model']);
  if (json?.['stream'] !== true) return status(200, withUsage(shape.json(model, items, turn), told));
  const events = shape
    .events(model, items, turn)
    .map(
      ([name, data]) =>
        [name, data === '[DONE]' ? data : JSON.stringify(withUsage(JSON.parse(data), told))] as const,
    );
  return streams([framed(events).join('')]);
}

/** The same with another account of what was used. */
function withUsage(value: unknown, usage: JsonObject): unknown {
  if (Array.isArray(value)) return value.map((part) => withUsage(part, usage));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === 'usage' && isJsonObject(part) ? usage : withUsage(part, usage),
    ]),
  );
}
