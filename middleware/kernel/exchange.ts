import type { ConfigSource } from './config-source.ts';
import type { ExchangeRecord } from './exchange-record.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { RawHeaders } from './headers.ts';
import type { Log } from './log.ts';
import type { Turn } from './turn.ts';

/** The API that a request speaks, taken from its path. */
export type Api = 'responses' | 'chat' | 'completions' | 'messages';

/** Which program sent the request; decides the form of our own errors and keepalives. */
export interface Client {
  readonly kind: 'codex' | 'claude' | 'other';
  /** As the client names itself, for example `0.169.0`. */
  readonly version: string | undefined;
}

/** What a scan of the top level of the body found, without parsing the rest. */
export interface RequestHead {
  readonly model: string | undefined;
  readonly stream: boolean;
  /** Whether its stream tells at the end what was used; left out where only the body says so. */
  readonly includeUsage?: boolean;
}

/** A request as the client sent it. Immutable: a stage that changes something makes a new one. */
export interface ApiRequest {
  readonly api: Api;
  /** Path below the API root, `/v1` taken off: `/responses`, `/chat/completions` … with the query string. */
  readonly path: string;
  readonly headers: RawHeaders;
  /** The body as it came over the wire, still encoded when `contentEncoding` is set. */
  readonly raw: Buffer;
  readonly contentEncoding: string | undefined;
  /** The body decoded: the same object as `raw` when it was not encoded. UTF-8 JSON, an object at the top level. */
  readonly json: Buffer;
  readonly head: RequestHead;
}

/** Whose request it is. */
export interface Caller {
  /** `local`: whoever runs this, on the same machine; `guest`: no key is asked, and it may be somebody else there. */
  readonly kind: 'local' | 'guest' | 'key';
  /** Tells several keys apart for as long as the process runs; a digest, from which no key can be read. */
  readonly id?: string;
  /** Of the holder, as the configuration names the key: the same in every process. Not secret. */
  readonly name?: string;
}

/** A command of the user's that became a prompt. */
export interface CalledCommand {
  /** Without the sign before it. */
  readonly name: string;
  readonly args: string;
  /** Where its file stands; `mcp` for a prompt of an MCP server. */
  readonly scope: ConfigSource['scope'] | 'mcp';
}

/** One request on its way through the stages. */
export interface Exchange {
  readonly id: string;
  /** `performance.now()` when the request's head was read. */
  readonly startedAt: number;
  /** Aborts when the client leaves or the server ends. */
  readonly signal: AbortSignal;
  readonly client: Client;
  readonly caller: Caller;
  readonly turn: Turn;
  /** As the client sent it, with what it goes on from by the id of an answer that we gave ourselves. */
  readonly received: ApiRequest;
  /** As it goes on from here: stages put others in its place. */
  readonly request: ApiRequest;
  /** The command that this turn's prompt came from. */
  readonly called?: CalledCommand | undefined;
  /** What features keep with it. */
  readonly state: ExchangeState;
  /** What comes of it besides its answer. */
  readonly record: ExchangeRecord;
  readonly log: Log;
}
