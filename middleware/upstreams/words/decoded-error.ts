import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** No error is longer. */
const options = { maxOutputLength: 1024 * 1024 };

/** A short body without its encoding; `undefined` where it cannot be decoded. */
export function decodedError(bytes: Buffer, encoding: string | undefined): Buffer | undefined {
  try {
    switch (encoding) {
      case undefined:
        return bytes;
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(bytes, options);
      case 'deflate':
        return inflateSync(bytes, options);
      case 'br':
        return brotliDecompressSync(bytes, options);
      case 'zstd':
        return zstdDecompressSync(bytes, options);
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}
