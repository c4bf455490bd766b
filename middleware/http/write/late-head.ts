import type { ServerResponse } from 'node:http';
import type { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { errorReply } from '../../protocol/error-reply.ts';
import { endAnswer } from './end-answer.ts';
import { requireStatus, writeHead, type AnswerHead } from './write-head.ts';

/**
 * The head of an answer, which goes out with its first byte, or before that where the byte is waited for. Until then an error may take
 * the answer's place.
 */
export class LateHead {
  readonly #res: ServerResponse;
  readonly #head: AnswerHead;
  readonly #exchange: Exchange;

  /** Throws `upstream_unreadable` for a status that is none. */
  constructor(res: ServerResponse, head: AnswerHead, exchange: Exchange) {
    requireStatus(head.status);
    this.#res = res;
    this.#head = head;
    this.#exchange = exchange;
  }

  get isOut(): boolean {
    return this.#res.headersSent;
  }

  /** Goes out once, however often it is sent. */
  send(): void {
    if (!this.isOut) writeHead(this.#res, this.#head);
  }

  /** Does not wait for the first byte. */
  flush(): void {
    this.send();
    this.#res.flushHeaders();
  }

  /** Sends an error in the place of the answer. `onReady` hears how many bytes it has before its client has all of them. */
  refuse(error: CodexPlusError, onReady: (bytes: number) => void): void {
    const { id, client, request } = this.#exchange;
    const { body, ...head } = errorReply(error, { client, api: request.api, requestId: id });
    writeHead(this.#res, head);
    onReady(body.bytes.length);
    endAnswer(this.#res, body.bytes);
  }
}
