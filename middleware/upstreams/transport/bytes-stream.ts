import type { ByteStream } from '../../kernel/byte-stream.ts';
import { PushStream } from './push-stream.ts';

/** Bytes that are there already as the body of an answer. */
export function bytesStream(bytes: Buffer): ByteStream {
  const stream = new PushStream(nobody);
  stream.push(bytes);
  stream.finish();
  return stream;
}

/** A body that breaks behind what is there of it. */
export function brokenStream(bytes: Buffer, error: Error): ByteStream {
  const stream = new PushStream(nobody);
  if (bytes.length > 0) stream.push(bytes);
  stream.break(error);
  return stream;
}

const nothing = (): void => undefined;
const nobody = { pause: nothing, resume: nothing, cancel: nothing };
