import type { Exchange } from '../kernel/exchange.ts';
import type { RawHeaders } from '../kernel/headers.ts';

/** What an answer's bytes are: server-sent events, one JSON value, or anything else. */
export type AnswerKind = 'events' | 'json' | 'other';

/**
 * The kind that an answer's head tells. Media types are compared as RFC 9110, 8.3.1 says: without regard to case
 * and parameters.
 */
export function answerKind(headers: RawHeaders): AnswerKind {
  const types = valuesOf(headers, 'content-type').map(
    (value) => value.split(';', 1)[0]?.trim().toLowerCase() ?? '',
  );
  // Of two, clients choose differently.
  if (types.length !== 1) return 'other';
  const [type = ''] = types;
  if (type === 'text/event-stream') return 'events';
  return type === 'application/json' || type.endsWith('+json') ? 'json' : 'other';
}

/**
 * The kind that an answer has to be read as before its client may have it. Where the head does not tell, it is what
 * was asked for: that is how clients read it.
 */
export function kindAsAsked(headers: RawHeaders, { request }: Pick<Exchange, 'request'>): 'events' | 'json' {
  const kind = answerKind(headers);
  if (kind !== 'other') return kind;
  return request.head.stream ? 'events' : 'json';
}

/** Whether a status says that a model answered; clients read no call out of any other. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** How an answer is encoded, as its head tells; `undefined`: not at all. */
export function answerEncoding(headers: RawHeaders): string | undefined {
  const codings = valuesOf(headers, 'content-encoding')
    .flatMap((value) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  return codings.length === 0 ? undefined : codings.join(', ');
}

function valuesOf(headers: RawHeaders, lowerName: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i];
    if (name?.length === lowerName.length && name.toLowerCase() === lowerName)
      values.push(headers[i + 1] ?? '');
  }
  return values;
}
