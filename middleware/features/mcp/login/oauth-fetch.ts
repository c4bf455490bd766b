import type { FetchLike } from '@modelcontextprotocol/client';
import { parseJsonObject } from '../../../kernel/json-object.ts';
import type { CheckedConnections } from '../../../platform/network/checked-connections.ts';
import { createSecretRemover } from '../../../platform/telemetry/without-secrets.ts';
import { boundedAnswer } from '../bounded-answer.ts';

const answerMs = 30_000;
/** Metadata, a registration or tokens; some of it is kept. */
const maxBytes = 256 * 1024;

/** What of a request to a token endpoint is nobody's business but its own (RFC 6749, 7009, 7521, 7636). */
const secretFields = [
  ...['client_secret', 'client_assertion', 'code', 'code_verifier', 'refresh_token'],
  ...['token', 'password', 'assertion'],
];

/** `fetch` for authorization servers: bounded in size and in time; who grants nothing does not give back what was sent. */
export function oauthFetchOver(connections: CheckedConnections): FetchLike {
  return async (url, init) => {
    const late = AbortSignal.timeout(answerMs);
    const given = init?.signal ?? undefined;
    const signal = given === undefined ? late : AbortSignal.any([given, late]);
    const answer = await fetch(url, { ...init, signal, ...connections.optionsFor(new URL(url)) });
    return await withoutSent(boundedAnswer(answer, maxBytes), init);
  };
}

/**
 * An answer that says no, or what nobody can read, without the credentials that were sent: what it says is told to users, logged, and
 * written to the console by a library.
 */
async function withoutSent(answer: Response, init: RequestInit | undefined): Promise<Response> {
  if (answer.body === null) return answer;
  const sent = sentIn(init);
  if (sent.length === 0) return answer;
  const clean = createSecretRemover({ held: () => sent, shapes: false });
  const { status, statusText } = answer;
  const headers = [...answer.headers]
    .filter(([name]) => !/^content-(?:length|encoding)$/.test(name))
    .map(([name, value]): [string, string] => [name, clean(value)]);
  const said = await answer.text();
  const isGranted = answer.ok && parseJsonObject(said) !== undefined;
  const other = new Response(isGranted ? said : clean(said), { status, statusText, headers });
  // Whoever follows redirects goes by the address.
  Object.defineProperty(other, 'url', { value: answer.url });
  return other;
}

/** Each in all forms that a server may give it back in. */
function sentIn({ body, headers }: RequestInit = {}): readonly string[] {
  const form = formIn(body);
  const values = secretFields.flatMap((name) => form.getAll(name));
  const given = new Headers(headers).get('authorization')?.replace(/^\w+ +/, '') ?? '';
  const pair = Buffer.from(given, 'base64').toString();
  const all = [...values, given, pair, ...pair.split(':').slice(1)].filter((value) => value !== '');
  return [...new Set(all.flatMap((value) => [value, decoded(value)]).flatMap(formsOf))];
}

function formIn(body: RequestInit['body']): URLSearchParams {
  if (body instanceof URLSearchParams) return body;
  return new URLSearchParams(typeof body === 'string' ? body : '');
}

/** The parts of a `Basic` header are encoded as those of a form (RFC 6749, 2.3.1). */
function decoded(value: string): string {
  return new URLSearchParams(`v=${value}`).get('v') ?? value;
}

function formsOf(value: string): readonly string[] {
  const inForm = new URLSearchParams({ v: value }).toString().slice('v='.length);
  return [value, encodeURIComponent(value), inForm, JSON.stringify(value).slice(1, -1)];
}
