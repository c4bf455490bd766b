import { askModelInfo } from '../litellm/models/model-info.ts';
import type { ToldModels } from '../litellm/models/told-models.ts';
import type { LitellmTarget } from '../litellm/litellm-upstream.ts';
import type { Log } from '../../kernel/log.ts';
import { KnownModels, type ConfiguredNames } from './known-models.ts';
import type { KnownTarget } from './target-of-model.ts';

/** What LiteLLM was started with. */
export interface LitellmConfiguration extends ConfiguredNames {
  /** Tells it from another. */
  readonly text: string;
}

interface ModelTargetsOptions {
  readonly target: () => LitellmTarget | undefined;
  readonly configuration: () => Promise<LitellmConfiguration>;
  /** What it told before this process began. */
  readonly toldModels: Pick<ToldModels, 'keep' | 'of'>;
  readonly now: () => number;
  readonly log: Log;
}

/** What LiteLLM knows changes with its process; this is for one that we did not start. */
const keptMs = 60_000;
/** One that does not tell may soon do. */
const untoldMs = 5_000;

interface Known {
  readonly until: number;
  readonly process: string;
  /** `undefined` from a LiteLLM that did not tell. */
  readonly targets: Promise<KnownModels | undefined>;
}

interface Answer {
  /** `undefined` from a LiteLLM that did not tell. */
  readonly told: KnownModels | undefined;
  /** What an earlier process of the same configuration told. */
  readonly before: KnownModels | undefined;
}

interface Last {
  /** Which question it answers: one of an older process may be answered after that of the next. */
  readonly question: number;
  readonly text: string;
  readonly targets: KnownModels;
}

/**
 * Where each model's calls go, and in whose API. Asked of LiteLLM once for each of its processes, and by the way
 * later: a request waits for the first answer alone.
 */
export class ModelTargets {
  readonly #options: ModelTargetsOptions;
  #known: Known | undefined;
  #last: Last | undefined;
  #asked = 0;
  #isWarned = false;

  constructor(options: ModelTargetsOptions) {
    this.#options = options;
  }

  /** `undefined` for a model that nobody knows. */
  async of(model: string): Promise<KnownTarget | undefined> {
    const targets = await this.#targets();
    return targets?.targetOf(model);
  }

  /** Whether LiteLLM told of its models, and has none for this name. */
  async isUnknown(model: string): Promise<boolean> {
    const targets = await this.#targets();
    return targets?.has(model) === false;
  }

  /** What LiteLLM told last, for the time in which it is not there. */
  async lastKnown(model: string): Promise<KnownTarget | undefined> {
    const last = this.#last?.targets ?? (await this.#toldBefore(await this.#options.configuration()));
    return last?.targetOf(model);
  }

  #targets(): Known['targets'] {
    const litellm = this.#options.target();
    if (litellm === undefined) return Promise.resolve(undefined);
    const process = `${litellm.url} ${litellm.masterKey}`;
    const kept = this.#known?.process === process ? this.#known : undefined;
    const now = this.#options.now();
    if (kept !== undefined && now <= kept.until) return kept.targets;
    const asked = this.#ask(litellm);
    // While it is asked again, the last answer counts, and where it does not tell.
    const later = asked.then(
      async ({ told, before }) => told ?? (await kept?.targets) ?? this.#warned(before),
    );
    const targets = kept === undefined ? later : Promise.race([kept.targets, later]);
    const known = { until: now + keptMs, process, targets };
    this.#known = known;
    void Promise.all([asked, later]).then(([{ told }]) => {
      if (this.#known !== known) return;
      this.#known = { ...known, targets: later, until: now + (told === undefined ? untoldMs : keptMs) };
    });
    return targets;
  }

  async #ask(litellm: LitellmTarget): Promise<Answer> {
    this.#asked += 1;
    const question = this.#asked;
    const [infos, { text, ...named }] = await Promise.all([
      askModelInfo(litellm, this.#options.log),
      this.#options.configuration(),
    ]);
    if (infos.length === 0) {
      const last = this.#last?.text === text ? this.#last.targets : undefined;
      return { told: undefined, before: last ?? (await this.#toldBefore({ text, ...named })) };
    }
    const told = new KnownModels(infos, named);
    if (question > (this.#last?.question ?? 0)) {
      this.#last = { question, text, targets: told };
      void this.#options.toldModels.keep(text, infos);
    }
    return { told, before: undefined };
  }

  /** By a LiteLLM of the same configuration, before this process began. */
  async #toldBefore({ text, ...named }: LitellmConfiguration): Promise<KnownModels | undefined> {
    const infos = await this.#options.toldModels.of(text);
    if (infos.length === 0) return undefined;
    const targets = new KnownModels(infos, named);
    this.#last ??= { question: 0, text, targets };
    return targets;
  }

  /** Says once that nothing is known where that is so. */
  #warned(before: KnownModels | undefined): KnownModels | undefined {
    if (before === undefined && !this.#isWarned) {
      this.#isWarned = true;
      this.#options.log.warn(
        'LiteLLM does not tell about its models; calls go to it untranslated until it does',
      );
    }
    return before;
  }
}
