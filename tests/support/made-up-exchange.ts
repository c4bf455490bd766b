import { ExchangeRecord } from '../../middleware/kernel/exchange-record.ts';
import { ExchangeState } from '../../middleware/kernel/exchange-state.ts';
import type { Api, ApiRequest, Exchange } from '../../middleware/kernel/exchange.ts';
import type { Log } from '../../middleware/kernel/log.ts';

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** A request of a user of Codex, with whatever a test needs to be different. */
export function exchangeWith({
  api = 'responses',
  body = { model: 'gpt-5', stream: true },
  headers = [],
  ...parts
}: Partial<Exchange> & {
  readonly api?: Api;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: readonly string[];
} = {}): Exchange {
  const json = Buffer.from(JSON.stringify(body));
  const request: ApiRequest = {
    api,
    path: `/${api}`,
    headers,
    raw: json,
    contentEncoding: undefined,
    json,
    head: { model: body['model'] as string | undefined, stream: body['stream'] === true },
  };
  return {
    id: '6f1c3f4e-0c5c-4f0e-8a53-1f6f8d1a2b3c',
    startedAt: 0,
    signal: new AbortController().signal,
    client: { kind: 'codex', version: '0.169.0' },
    caller: { kind: 'local' },
    turn: { kind: 'user', sessionId: 's', turnId: undefined, isOneShot: false },
    received: request,
    state: new ExchangeState(),
    record: new ExchangeRecord(),
    request,
    log: silent,
    ...parts,
  };
}
