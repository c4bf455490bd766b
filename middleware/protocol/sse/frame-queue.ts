import { Channel } from '../../kernel/bounds/channel.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';

/** Frames on their way to the one who writes them. */
export class FrameQueue extends Channel<SseFrame> {
  constructor() {
    super(({ raw }) => raw.length);
  }

  async *read(): AsyncGenerator<SseFrame, void, undefined> {
    for (let frame = await this.next(); frame !== undefined; frame = await this.next()) yield frame;
  }
}
