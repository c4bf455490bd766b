import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { listenForCallback } from '../../../middleware/features/mcp/login/callback-server.ts';

test('a connection that a browser kept to spare is answered or ended when the login is over [MCP-4]', async () => {
  const answers: string[] = [];
  const server = await listenForCallback(undefined, (answer) => {
    answers.push(String(answer));
    return Promise.resolve(undefined);
  });
  const socket = connect(Number(new URL(server.redirectUrl).port), '127.0.0.1');
  await once(socket, 'connect');
  server.close();
  socket.write('GET /favicon.ico HTTP/1.1\r\nhost: localhost\r\n\r\n');
  expect(await text(socket)).toMatch(/^(?:HTTP\/1\.1 404 |$)/);
  expect(answers).toEqual([]);
});
