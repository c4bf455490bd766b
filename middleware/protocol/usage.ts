import type { Api } from '../kernel/exchange.ts';
import { parseJsonObject, type JsonObject } from '../kernel/json-object.ts';
import type { Usage } from '../kernel/usage.ts';
import { codecOf } from './apis/codec-of.ts';
import { usageAt } from './apis/common/usage-counts.ts';

/** The usage that an answer that is no stream reports; `undefined` when it reports none. */
export function usageOfAnswer(api: Api, answer: JsonObject): Usage | undefined {
  return usageOf(api, usageAt(answer));
}

/** The usage that an event stream reports, read from the data of its frames in order. */
export function usageFromFrames(api: Api, frames: readonly string[]): Usage | undefined {
  const { usageIn, joinUsage } = codecOf(api).answer;
  let joined: JsonObject | undefined;
  for (const data of frames) {
    // `[DONE]` is none, and reports nothing.
    const event = parseJsonObject(data);
    const reported = event === undefined ? undefined : usageIn(event);
    if (reported !== undefined) joined = joinUsage(joined, reported);
  }
  return usageOf(api, joined);
}

/** What an API's own account of an answer comes to. */
export function usageOf(api: Api, usage: JsonObject | undefined): Usage | undefined {
  return usage === undefined ? undefined : codecOf(api).answer.countUsage(usage);
}
