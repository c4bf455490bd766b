import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Log } from '../../../kernel/log.ts';
import { SharedFile } from '../../../platform/store/shared-file.ts';
import { questionIn } from './question-sign.ts';

/** Whether a text that looks like the question of a server is one that a user was asked. */
export type WasAsked = (question: string) => boolean;

interface AskedOptions {
  readonly stateDir: string;
  readonly log: Log;
}

const maxAsked = 2_000;

/**
 * The questions of servers that users of this state folder were asked, by their digests: after a restart nothing else tells
 * them from what a model quotes. The newest of them, where there are more.
 */
export class AskedQuestions {
  readonly #file: SharedFile<readonly string[]>;
  readonly #log: Log;
  /** Of this process, which may have no folder that can be written. */
  #own: readonly string[] = [];

  constructor({ stateDir, log }: AskedOptions) {
    this.#log = log;
    this.#file = new SharedFile<readonly string[]>({
      file: join(stateDir, 'asked-questions'),
      empty: [],
      parse: (text) => text.split('\n').filter((line) => line !== ''),
      format: (digests) => digests.map((digest) => `${digest}\n`).join(''),
      log,
    });
  }

  /** Takes note of a question before its user is asked; `text`: all that he is told with it. */
  async note(text: string): Promise<void> {
    const digest = digestOf(questionIn(text) ?? text);
    if (this.#own.includes(digest)) return;
    this.#own = withDigest(this.#own, digest);
    try {
      await this.#file.change((digests) => withDigest(digests, digest));
    } catch (error) {
      this.#log.warn('a question of an MCP server will not be known after a restart', { error });
    }
  }

  /** As far as it is known now, by this process or another one. */
  async known(): Promise<WasAsked> {
    const digests = new Set([...(await this.#file.read()), ...this.#own]);
    return (question) => digests.has(digestOf(question));
  }
}

function withDigest(digests: readonly string[], digest: string): readonly string[] {
  return [...digests.filter((other) => other !== digest), digest].slice(-maxAsked);
}

/** Clients may keep texts without the white space at their end, and with other line ends. */
function digestOf(question: string): string {
  const text = question.replaceAll('\r\n', '\n').trimEnd();
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
