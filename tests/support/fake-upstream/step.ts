/** One thing that the scripted model says. */
export type Item =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>>;
      readonly callId: string;
      /** Only the Responses API has groups of tools. */
      readonly namespace?: string;
    }
  /** A call of a tool that takes a text; the Messages API has none, and gets a function of it. */
  | { readonly kind: 'custom'; readonly name: string; readonly input: string; readonly callId: string }
  /** What the model thought; only the Responses and the Messages API tell it. */
  | { readonly kind: 'reasoning'; readonly text: string; readonly seal: string };

/** What the upstream does with one request. */
export type Step =
  /** Answers as a model would, in the shape of the API that was called, streamed if asked. */
  | {
      readonly kind: 'answer';
      readonly items: readonly Item[];
      /** Answers of different turns have different ids, as those of a real model have. */
      readonly turn?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Answers with exactly these bytes, written piece by piece. */
  | {
      readonly kind: 'bytes';
      readonly status?: number;
      readonly headers: readonly string[];
      readonly pieces: readonly Buffer[];
      /** What follows the last piece: the proper end, a reset connection, or nothing. */
      readonly then?: 'end' | 'reset' | 'silence';
      /** Pause before every piece but the first. */
      readonly pauseMs?: number;
    }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Resets the connection before the head. */
  | { readonly kind: 'reset' };

/** An answer of one text. */
export function says(text: string): Step {
  return { kind: 'answer', items: [{ kind: 'text', text }] };
}

/** An answer that calls one function. */
export function calls(name: string, args: Readonly<Record<string, unknown>>, callId = 'call_1'): Step {
  return { kind: 'answer', items: [{ kind: 'call', name, arguments: args, callId }] };
}

/** A plain HTTP answer. */
export function status(code: number, body: unknown, headers: readonly string[] = []): Step {
  const isText = typeof body === 'string';
  const type = isText ? 'text/html; charset=UTF-8' : 'application/json';
  return {
    kind: 'bytes',
    status: code,
    headers: ['content-type', type, ...headers],
    pieces: [Buffer.from(isText ? body : JSON.stringify(body))],
  };
}

/** An event stream of exactly these bytes, in these pieces. */
export function streams(
  pieces: readonly (string | Buffer)[],
  more: { readonly then?: 'end' | 'reset' | 'silence'; readonly pauseMs?: number } = {},
): Step {
  return {
    kind: 'bytes',
    headers: ['content-type', 'text/event-stream; charset=utf-8'],
    pieces: pieces.map((piece) => Buffer.from(piece)),
    ...more,
  };
}
