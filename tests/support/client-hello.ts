import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands before a TLS server and keeps the first message of every connection. */
export interface HelloReader {
  readonly port: number;
  readonly hellos: readonly Buffer[];
  readonly close: () => Promise<void>;
}

export async function startHelloReader(serverPort: number): Promise<HelloReader> {
  const hellos: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(serverPort, '127.0.0.1');
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        socket.destroy();
        onward.destroy();
      });
    }
    onward.pipe(socket);
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      onward.write(chunk);
      const wasWhole = isWhole(bytes);
      if (!wasWhole) bytes = Buffer.concat([bytes, chunk]);
      if (!wasWhole && isWhole(bytes)) hellos.push(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hellos,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Whether a first TLS record has come in whole. */
function isWhole(bytes: Buffer): boolean {
  return bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt16BE(3);
}

/** The JA4 fingerprint of a hello over TCP (https://github.com/FoxIO-LLC/ja4, technical details of JA4). */
export function ja4(hello: Buffer): string {
  const { version, ciphers, extensions } = parse(hello);
  const serverName = extensions.has(0x0000) ? 'd' : 'i';
  const counts = [ciphers.length, extensions.size].map((count) =>
    String(Math.min(count, 99)).padStart(2, '0'),
  );
  const types = [...extensions.keys()].filter((type) => type !== 0x0000 && type !== 0x0010);
  const signatures = numbers(extensions.get(0x000d)?.subarray(2) ?? Buffer.alloc(0)).map(hex);
  const sorted = (values: readonly number[]): string => values.map(hex).sort().join(',');
  return [
    `t${version}${serverName}${counts.join('')}${alpn(extensions.get(0x0010))}`,
    hash(sorted(ciphers)),
    hash([sorted(types), ...(signatures.length > 0 ? [signatures.join(',')] : [])].join('_')),
  ].join('_');
}

interface Hello {
  readonly version: string;
  readonly ciphers: readonly number[];
  readonly extensions: ReadonlyMap<number, Buffer>;
}

function parse(hello: Buffer): Hello {
  // Record header 5, message header 4, version 2, random 32; then the session id.
  let at = 43 + 1 + hello.readUInt8(43);
  const take = (length: number): Buffer => {
    at += length;
    return hello.subarray(at - length, at);
  };
  const ciphers = numbers(take(take(2).readUInt16BE()));
  take(take(1).readUInt8());
  const end = take(2).readUInt16BE() + at;
  const extensions = new Map<number, Buffer>();
  while (at < end) {
    const type = take(2).readUInt16BE();
    const content = take(take(2).readUInt16BE());
    if (!isGrease(type)) extensions.set(type, content);
  }
  const versions = numbers(extensions.get(0x002b)?.subarray(1) ?? hello.subarray(9, 11));
  const newest = Math.max(...versions.filter((version) => !isGrease(version)));
  return {
    version: newest === 0x0304 ? '13' : '12',
    ciphers: ciphers.filter((cipher) => !isGrease(cipher)),
    extensions,
  };
}

/** First and last letter of the first protocol; `00` without one. */
function alpn(extension: Buffer | undefined): string {
  if (extension === undefined) return '00';
  const first = extension.toString('latin1', 3, 3 + extension.readUInt8(2));
  return `${first.at(0) ?? '0'}${first.at(-1) ?? '0'}`;
}

function numbers(bytes: Buffer): number[] {
  return Array.from({ length: Math.floor(bytes.length / 2) }, (_, index) => bytes.readUInt16BE(index * 2));
}

/** Values that a browser puts in so that nobody relies on the list (RFC 8701). */
function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
