import type { SseFrame } from '../../kernel/sse-frame.ts';

/** A frame whose fields are read when somebody asks: most frames of a stream are only passed on. */
export function parseFrame(raw: Buffer): SseFrame {
  return new LazyFrame(raw);
}

class LazyFrame implements SseFrame {
  readonly raw: Buffer;
  #fields: FrameFields | undefined;

  constructor(raw: Buffer) {
    this.raw = raw;
  }

  get event(): string | undefined {
    return (this.#fields ??= readFields(this.raw)).event;
  }

  get data(): string | undefined {
    return (this.#fields ??= readFields(this.raw)).data;
  }
}

type FrameFields = Pick<SseFrame, 'event' | 'data'>;

/** Unknown fields and comments are passed over, as the standard asks. */
function readFields(raw: Buffer): FrameFields {
  let event: string | undefined;
  let data: string | undefined;
  // Split on CR and LF only: U+2028 and U+2029 are ordinary characters of the data.
  for (const line of raw.toString('utf8').split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    if (line === '' || colon === 0) continue;
    const name = fieldName(colon < 0 ? line : line.slice(0, colon));
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'event') event = value;
    else if (name === 'data') data = data === undefined ? value : `${data}\n${value}`;
  }
  return { event, data };
}

/** A frame with the given data, framed as OpenAI and Anthropic do: an event line where there is one, then one data line. */
export function frameBytes(data: string, event?: string): Buffer {
  return Buffer.from(event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`);
}

/** A byte order mark may stand before the first field of a stream. */
function fieldName(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
