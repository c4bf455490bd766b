import { Channel } from '../../../kernel/bounds/channel.ts';

/**
 * A text on its way to the one who reads it, who gets what has come since as one piece. When that one leaves, what
 * is pushed is dropped.
 */
export class TextChannel extends Channel<string> {
  constructor() {
    super(({ length }) => length);
  }

  override push(piece: string): void {
    if (piece !== '') super.push(piece);
  }

  async *read(): AsyncGenerator<string, void, undefined> {
    try {
      for (let piece = await this.next(); piece !== undefined; piece = await this.next()) {
        yield piece + this.rest().join('');
      }
    } finally {
      this.close();
    }
  }
}
