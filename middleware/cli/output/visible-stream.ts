import { Writable } from 'node:stream';
import { visibleText } from '../../kernel/visible-text.ts';

/**
 * A stream for text that others wrote a part of: names of files, settings, what a server said. No control character
 * of theirs reaches the terminal; this program's own text has none but line ends. Each text is written at once and
 * whole.
 */
export function visibleStream(stream: NodeJS.WritableStream): NodeJS.WritableStream {
  return new Writable({
    decodeStrings: false,
    write: (text: unknown, _encoding, done) => {
      stream.write(visibleText(String(text)));
      done();
    },
  });
}
