import { startSocketServer, type SocketServer } from './socket-server.ts';

/** What an upstream of bare sockets does with one request. */
export interface RawStep {
  /** Exactly these bytes, latin1. */
  readonly bytes: string;
  /** What follows them: nothing more is said and the connection stays, or it is closed, or reset. */
  readonly then: 'stay' | 'close' | 'reset';
}

/** An upstream that can say what no HTTP server would. */
export interface RawUpstream extends SocketServer {
  /** The heads of the requests, as their bytes came. */
  readonly heads: readonly string[];
  readonly use: (step: RawStep) => void;
}

/** Starts it; without a step it closes every connection unanswered. */
export async function startRawUpstream(): Promise<RawUpstream> {
  let step: RawStep = { bytes: '', then: 'close' };
  const heads: string[] = [];
  const server = await startSocketServer((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      heads.push(text.slice(0, end));
      text = '';
      socket.removeAllListeners('data');
      socket.resume();
      const { bytes, then } = step;
      socket.write(bytes, 'latin1', () => {
        if (then === 'close') socket.end();
        else if (then === 'reset') socket.resetAndDestroy();
      });
    });
  });
  return {
    ...server,
    heads,
    use: (next) => {
      step = next;
    },
  };
}
