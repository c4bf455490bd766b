import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a browser is sent back to after a login, on this machine alone. */
export interface CallbackServer {
  readonly redirectUrl: string;
  readonly close: () => void;
}

/** What is done with an answer; the text is for the browser. `undefined` where it is not the one that is waited for. */
export type OnAnswer = (
  answer: URLSearchParams,
) => Promise<{ readonly isGood: boolean; readonly text: string } | undefined>;

const path = '/callback';
const maxConnections = 16;
const lastAnswerMs = 1_000;

/** Listens on a port, or on a free one; the process goes on until it is closed. Rejects where another program has the port. */
export async function listenForCallback(
  port: number | undefined,
  onAnswer: OnAnswer,
): Promise<CallbackServer> {
  let own = 0;
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '', `http://localhost:${own}`);
    // A page of another name that leads here is not the browser's way back.
    const isOurs = [`localhost:${own}`, `127.0.0.1:${own}`].includes(request.headers.host ?? '');
    if (!isOurs || request.method !== 'GET' || url?.pathname !== path) {
      answerWith(response, 404, 'There is nothing here.');
      return;
    }
    onAnswer(url.searchParams).then(
      (result) => {
        if (result === undefined) answerWith(response, 400, 'This is not the answer that is waited for.');
        else answerWith(response, result.isGood ? 200 : 400, result.text);
      },
      () => {
        answerWith(response, 500, 'The login failed.');
      },
    );
  });
  server.maxConnections = maxConnections;
  await listen(server, port);
  own = (server.address() as AddressInfo).port;
  return {
    redirectUrl: `http://localhost:${own}${path}`,
    close: () => {
      server.close();
      server.closeIdleConnections();
      // One that never asked anything is not idle; an answer that is on its way has time to arrive.
      setTimeout(() => {
        server.closeAllConnections();
      }, lastAnswerMs).unref();
    },
  };
}

async function listen(server: Server, port = 0): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

function answerWith(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(`${text}\n`);
}
