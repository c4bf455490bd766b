import { randomUUID } from 'node:crypto';
import { WebStandardStreamableHTTPServerTransport, type McpServer } from '@modelcontextprotocol/server';
import { FairMap } from '../../kernel/bounds/fair-map.ts';
import type { Log } from '../../kernel/log.ts';
import { IdsInUse } from './ids-in-use.ts';
import { idInUse } from './refusals.ts';
import { watchAnswers, type AnswerWatch } from './watch-answers.ts';
import { withEnd } from './with-end.ts';

/** What a session consists of, besides its transport. */
interface SessionParts<Parts> extends AnswerWatch {
  readonly server: McpServer;
  readonly parts: Parts;
  /** Ends what was begun for it. */
  readonly end: () => void;
}

/** One client, until it leaves or is not heard of any more. */
interface Session<Parts> extends SessionParts<Parts> {
  readonly id: string;
  /** Whose it is: nobody else gets at it. */
  readonly owner: string;
  /** Of whom the owner is one project: callers share the bound fairly. */
  readonly caller: string;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly ids: IdsInUse;
  requests: number;
  idle: NodeJS.Timeout | undefined;
}

interface Asked {
  readonly owner: string;
  readonly caller: string;
  readonly request: Request;
  readonly parsedBody: unknown;
}

interface LegacySessionsOptions {
  readonly maxSessions: number;
  /** A session without a request for so long is over. */
  readonly idleMs: number;
  readonly log: Log;
}

/** The sessions of clients of the protocol up to 2025-11-25, which live here only; the newer one has none. */
export class LegacySessions<Parts> {
  readonly #options: LegacySessionsOptions;
  readonly #sessions: FairMap<Session<Parts>>;

  constructor(options: LegacySessionsOptions) {
    this.#options = options;
    this.#sessions = new FairMap({
      maxEntries: options.maxSessions,
      ownerOf: ({ caller, owner }) => [caller, owner],
      onDropped: (session) => {
        options.log.warn('a session at /mcp was ended, as there are too many of its caller', {
          ...{ session: session.id, caller: session.caller },
        });
        this.#close(session);
      },
    });
  }

  /** Answers `initialize`, with the id of a new session. */
  async open(asked: Asked, make: (id: string) => SessionParts<Parts>): Promise<Response> {
    const id = randomUUID();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessionclosed: () => {
        this.#end(id);
      },
    });
    const made = make(id);
    const ids = new IdsInUse();
    watchAnswers(transport, {
      codeOf: made.codeOf,
      onAnswered: (request) => {
        ids.free([request]);
        made.onAnswered(request);
      },
    });
    await made.server.connect(transport);
    const { owner, caller } = asked;
    const session = { ...made, ...{ id, owner, caller, transport, ids }, requests: 0, idle: undefined };
    this.#sessions.set(id, session);
    const answer = await this.serve(session, asked);
    // One that was refused began no session.
    if (!answer.ok) this.#end(id);
    return answer;
  }

  /** The session of an id; `undefined` where there is none for the owner. */
  find(id: string, owner: string): Session<Parts> | undefined {
    const session = this.#sessions.get(id);
    return session?.owner === owner ? session : undefined;
  }

  /** Ends the streams over which clients only hear of news. */
  endStreams(): void {
    for (const [, { transport }] of this.#sessions) transport.closeStandaloneSSEStream();
  }

  close(): void {
    for (const [id] of [...this.#sessions]) this.#end(id);
  }

  /** Answers what belongs to a session. */
  async serve(
    session: Session<Parts>,
    { request, parsedBody }: Pick<Asked, 'request' | 'parsedBody'>,
  ): Promise<Response> {
    const { ids, transport } = session;
    const taken = ids.take(parsedBody);
    if (taken === undefined) return idInUse(parsedBody);
    session.requests += 1;
    clearTimeout(session.idle);
    const done = (): void => {
      session.requests -= 1;
      // One that was ended meanwhile would be kept for as long as a timer waits for it.
      if (session.requests > 0 || this.#sessions.get(session.id) !== session) return;
      session.idle = setTimeout(() => {
        this.#end(session.id);
      }, this.#options.idleMs).unref();
    };
    try {
      const answer = await transport.handleRequest(request, { parsedBody });
      if (answer.ok) ids.freeCancelled(parsedBody);
      else ids.free(taken);
      return withEnd(answer, done);
    } catch (error) {
      ids.free(taken);
      done();
      throw error;
    }
  }

  #end(id: string): void {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    if (session !== undefined) this.#close(session);
  }

  #close({ transport, idle, end }: Session<Parts>): void {
    clearTimeout(idle);
    end();
    transport.close().catch((error: unknown) => {
      this.#options.log.warn('a session at /mcp could not be closed', { error });
    });
  }
}
