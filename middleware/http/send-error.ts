import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CodexPlusError } from '../kernel/errors.ts';
import { apiOfClient } from '../protocol/apis/api-of-client.ts';
import { clientOf } from '../protocol/codex/client.ts';
import { errorReply } from '../protocol/error-reply.ts';
import { endAnswer } from './write/end-answer.ts';

/**
 * Answers a request with an error, in the form that its client understands; where its answer has begun, only a
 * broken connection tells the client that it failed. Never throws.
 */
export function sendError(
  req: IncomingMessage,
  res: ServerResponse,
  error: CodexPlusError,
  id: string,
): void {
  try {
    if (res.headersSent) {
      if (!res.writableFinished) res.destroy();
      return;
    }
    const reply = errorReply(error, {
      client: clientOf(req.rawHeaders),
      api: apiOfClient(req.url ?? '', req.rawHeaders),
      requestId: id,
    });
    res.writeHead(reply.status, reply.headers as string[]);
    endAnswer(res, reply.body.bytes);
  } catch {
    res.destroy();
  }
}
