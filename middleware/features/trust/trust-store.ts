import { join } from 'node:path';
import { roughSize } from '../../kernel/bounds/rough-size.ts';
import type { Log } from '../../kernel/log.ts';
import { SharedFile } from '../../platform/store/shared-file.ts';
import type { TrustAnswer } from './parse-answer.ts';
import {
  formatTrustRecords,
  isSameSubject,
  parseTrustRecords,
  type TrustRecord,
  type TrustSubject,
} from './trust-record.ts';

/** Where decisions are kept, in the folder of state. */
export function trustFile(stateDir: string): string {
  return join(stateDir, 'trust.json');
}

interface TrustStoreOptions {
  /** The folder of our state; `trust.json` in it is the store's. */
  readonly stateDir: string;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * How far a decision goes: `once` is for the conversation in which it was made, `always` is kept. Where that cannot
 * be written, it counts for its conversation, or fails where it has none.
 */
type Reach =
  | { readonly scope: 'once'; readonly conversation: string }
  | { readonly scope: 'always'; readonly conversation?: string };

type Terms = Reach & Pick<TrustRecord, 'by' | 'provenance'>;

type Decision = TrustRecord['decision'];

interface Once extends TrustSubject {
  readonly conversation: string;
  readonly decision: Decision;
  readonly at: string;
}

const maxOnce = 10_000;
/** In characters: clients name their conversations, as long as a header may be. */
const maxOnceSize = 16 * 1024 * 1024;

/**
 * Who allowed what of a project to run; shared by all processes that have the same folder of state. Where the file that keeps
 * it is damaged, nothing is trusted.
 */
export class TrustStore {
  readonly #file: SharedFile<readonly TrustRecord[]>;
  readonly #now: () => Date;
  readonly #log: Log;
  /** In the order in which they were made. */
  #once: readonly Once[] = [];

  constructor({ stateDir, log, now }: TrustStoreOptions) {
    this.#file = new SharedFile<readonly TrustRecord[]>({
      file: trustFile(stateDir),
      empty: [],
      parse: parseTrustRecords,
      format: formatTrustRecords,
      log,
    });
    this.#now = now;
    this.#log = log;
  }

  /** What was last said of this content, in this conversation or for always; `undefined` when nobody was asked. */
  async decisionOn(subject: TrustSubject, conversation?: string): Promise<Decision | undefined> {
    const kept = (await this.#file.read()).find((record) => isSameSubject(record, subject));
    const once = this.#once.findLast(
      (other) => other.conversation === conversation && isSameSubject(other, subject),
    );
    return kept === undefined || (once !== undefined && once.at >= kept.at) ? once?.decision : kept.decision;
  }

  /** Whether another content of the same hook was allowed. */
  async wasTrusted({ kind, project, hash, place }: TrustSubject, conversation: string): Promise<boolean> {
    const once = this.#once.filter((one) => one.conversation === conversation);
    return [...(await this.#file.read()), ...once].some(
      (other) =>
        other.decision === 'allowed' &&
        other.place !== undefined &&
        other.place === place &&
        other.kind === kind &&
        other.project === project &&
        other.hash !== hash,
    );
  }

  async isTrusted(subject: TrustSubject, conversation?: string): Promise<boolean> {
    return (await this.decisionOn(subject, conversation)) === 'allowed';
  }

  async allow(subject: TrustSubject, terms: Terms): Promise<void> {
    await this.#decide(subject, 'allowed', terms);
  }

  async deny(subject: TrustSubject, terms: Terms): Promise<void> {
    await this.#decide(subject, 'denied', terms);
  }

  /** Keeps what the user said in a conversation: `always` for good, the others for that conversation. */
  async keepAnswer(
    subject: TrustSubject,
    answer: TrustAnswer,
    on: { readonly conversation: string; readonly provenance: string },
  ): Promise<void> {
    const scope = answer === 'always' ? 'always' : 'once';
    await this.#decide(subject, answer === 'no' ? 'denied' : 'allowed', { ...on, scope, by: 'conversation' });
  }

  /** The decisions that are kept, of one project or of all. */
  async list(project?: string): Promise<readonly TrustRecord[]> {
    const records = await this.#file.read();
    return project === undefined ? records : records.filter((record) => record.project === project);
  }

  /** Forgets what was said, so that it is asked again; tells whether a decision was kept. */
  async remove(subject: TrustSubject): Promise<boolean> {
    this.#once = this.#once.filter((once) => !isSameSubject(once, subject));
    let wasKept = false;
    await this.#file.change((records) => {
      const others = records.filter((record) => !isSameSubject(record, subject));
      wasKept = others.length < records.length;
      return others;
    });
    return wasKept;
  }

  async #decide(
    { kind, project, hash, place }: TrustSubject,
    decision: Decision,
    terms: Terms,
  ): Promise<void> {
    const decided = {
      ...{ kind, project, hash, decision, at: this.#now().toISOString() },
      ...(place !== undefined && { place }),
    };
    if (terms.scope === 'once') {
      this.#decideOnce(decided, terms.conversation);
      return;
    }
    const { by, provenance, conversation } = terms;
    const record = { ...decided, by, provenance };
    try {
      await this.#file.change((records) => [
        ...records.filter((other) => !isSameSubject(other, record)),
        record,
      ]);
    } catch (error) {
      if (conversation === undefined) throw error;
      this.#log.warn('an answer could not be kept: it counts for its conversation only', { error });
      this.#decideOnce(decided, conversation);
    }
  }

  #decideOnce(decided: Omit<Once, 'conversation'>, conversation: string): void {
    const once = [...this.#once, { ...decided, conversation }].slice(-maxOnce);
    let size = 0;
    const from = once.findLastIndex((one) => (size += roughSize(one)) > maxOnceSize);
    this.#once = once.slice(from + 1);
  }
}
