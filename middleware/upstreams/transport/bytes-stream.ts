import type { ByteStream } from '../../kernel/byte-stream.ts';
import { PushStream } from './push-stream.ts';

/** Bytes that are there already as the body of an answer. */
export function bytesStream(bytes: Buffer): ByteStream {
  const nothing = (): void => undefined;
  const stream = new PushStream({ pause: nothing, resume: nothing, cancel: nothing });
  stream.push(bytes);
  stream.finish();
  return stream;
}
