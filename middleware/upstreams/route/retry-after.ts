import { headerValue, type RawHeaders } from '../../kernel/headers.ts';

/** Nobody limits a rate for longer; a clock that is wrong, or one that counts in another unit, asks for years. */
const maxSeconds = 24 * 60 * 60;

/** The headers that say how long to wait. */
export const waitHeaders = ['retry-after', 'retry-after-ms'] as const;

/**
 * The seconds that an answer's headers ask to wait, also where they give milliseconds, which OpenAI and Azure do and their SDKs read
 * first, or a date; `undefined` where they say nothing that can be read.
 */
export function retryAfter(headers: RawHeaders): number | undefined {
  const milliseconds = numberIn(headerValue(headers, 'retry-after-ms'));
  const asked =
    milliseconds === undefined ? secondsIn(headerValue(headers, 'retry-after')) : milliseconds / 1000;
  return asked === undefined ? undefined : boundedWait(asked);
}

/** Whole seconds, a day at most. */
export function boundedWait(seconds: number): number {
  return Math.min(maxSeconds, Math.max(0, Math.ceil(seconds)));
}

function secondsIn(value: string | undefined): number | undefined {
  const seconds = numberIn(value);
  if (seconds !== undefined || value === undefined || !beginsDate.test(value)) return seconds;
  const until = Date.parse(value);
  return Number.isNaN(until) ? undefined : (until - Date.now()) / 1000;
}

/** A day of the week, as in HTTP, or a year. Of less, such as `-5`, JavaScript makes a date as well. */
const beginsDate = /^(?:[A-Z][a-z]{2,8},? |\d{4}-\d\d-\d\dT)/;

function numberIn(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}
