import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';

let middleware: ComposedMiddleware;

beforeAll(async () => {
  middleware = await composeMiddleware(undefined, { CODEX_PLUS_MAX_BODY_BYTES: '100000' });
});

afterAll(async () => {
  await middleware.close();
});

const bytes = 32 << 20;

describe('a client that sends all of a body before it reads', () => {
  for (const connection of ['close', 'keep-alive']) {
    for (const framing of ['announced', 'in chunks']) {
      test(`has its 413 at the end, with a body ${framing} and connection: ${connection} [PX-8]`, async () => {
        const socket = connect(middleware.port, '127.0.0.1');
        socket.pause();
        const failed = once(socket, 'error').then(([error]) => error as Error);
        const length = framing === 'announced' ? `content-length: ${bytes}` : 'transfer-encoding: chunked';
        socket.write(
          `POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: ${connection}\r\n${length}\r\n\r\n`,
        );
        const body = Buffer.alloc(bytes, 'x');
        if (framing === 'announced') socket.write(body);
        else {
          socket.write(`${bytes.toString(16)}\r\n`);
          socket.write(body);
          socket.write('\r\n0\r\n\r\n');
        }
        const flushed = new Promise<void>((resolve) =>
          socket.write('', () => {
            resolve();
          }),
        );
        expect(await Promise.race([failed, flushed])).toBeUndefined();
        const [answer] = (await once(socket.resume(), 'data')) as [Buffer];
        expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
        socket.destroy();
      });
    }
  }
});
