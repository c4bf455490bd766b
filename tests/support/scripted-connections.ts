import type { Socket } from 'node:net';
import { startSocketServer } from './socket-server.ts';

/** What a server says on a request: these bytes, each piece by itself, and whether it closes then. */
export interface ScriptedAnswer {
  readonly pieces: readonly Buffer[];
  readonly closes: boolean;
}

/** A server that says bytes, whatever they are. Requests come with `content-length`, or without a body. */
export interface ScriptedConnections {
  readonly url: string;
  /** Asked for each request, with its head and the number of the connection that it came on. */
  readonly use: (answer: (head: string, connection: number) => ScriptedAnswer) => void;
  readonly close: () => Promise<void>;
}

export async function startScriptedConnections(): Promise<ScriptedConnections> {
  let answerTo: (head: string, connection: number) => ScriptedAnswer = () => ({ pieces: [], closes: true });
  let connections = 0;
  const { url, close } = await startSocketServer((socket) => {
    const connection = (connections += 1);
    socket.setNoDelay(true);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = text.slice(0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (text.length < end + 4 + length) return;
      text = text.slice(end + 4 + length);
      void say(socket, answerTo(head, connection));
    });
  });
  return {
    url,
    use: (answer) => {
      answerTo = answer;
    },
    close,
  };
}

async function say(socket: Socket, { pieces, closes }: ScriptedAnswer): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    await new Promise((resolve) => socket.write(piece, resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (closes) socket.end();
}

/** The bytes, cut at these places. */
export function cutAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...new Set([...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
    (one, other) => one - other,
  );
  return ends
    .map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
    .filter(({ length }) => length > 0);
}
