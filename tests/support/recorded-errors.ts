import { readFileSync } from 'node:fs';

interface RecordedError {
  readonly provider: string;
  readonly what: string;
  readonly status: number;
  readonly message: string;
}

/** What litellm 1.109.3 made of errors of providers, for requests with a stream and without one. */
export const recordedErrors = JSON.parse(
  readFileSync(new URL('../fixtures/litellm-errors.json', import.meta.url), 'utf8'),
) as readonly RecordedError[];
