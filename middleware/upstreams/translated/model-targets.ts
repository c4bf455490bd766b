import { askModelInfo } from '../litellm/models/model-info.ts';
import type { LitellmTarget } from '../litellm/litellm-upstream.ts';
import type { Log } from '../../kernel/log.ts';
import { knownModels, type TargetOf } from './known-models.ts';
import type { TranslationTarget } from './target-of-model.ts';

interface ModelTargetsOptions {
  readonly target: () => LitellmTarget | undefined;
  /** Another name of a model to its own. */
  readonly aliases: () => Promise<Readonly<Record<string, string>>>;
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
  readonly targets: Promise<TargetOf | undefined>;
}

/**
 * Where each model's calls have to be translated to. Asked of LiteLLM once for each of its processes, and by the way
 * later: a request waits for the first answer alone.
 */
export class ModelTargets {
  readonly #options: ModelTargetsOptions;
  #known: Known | undefined;

  constructor(options: ModelTargetsOptions) {
    this.#options = options;
  }

  /** `undefined` for a model whose provider is called in its client's API, and for one that nobody knows. */
  async of(model: string): Promise<TranslationTarget | undefined> {
    const targets = await this.#targets();
    return targets?.(model);
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
    const later = asked.then((told) => told ?? kept?.targets);
    const targets = kept === undefined ? asked : Promise.race([kept.targets, later]);
    const known = { until: now + keptMs, process, targets };
    this.#known = known;
    void later.then((told) => {
      if (this.#known !== known) return;
      this.#known = { ...known, targets: later, until: now + (told === undefined ? untoldMs : keptMs) };
    });
    return targets;
  }

  async #ask(litellm: LitellmTarget): Promise<TargetOf | undefined> {
    const [infos, aliases] = await Promise.all([
      askModelInfo(litellm, this.#options.log),
      this.#options.aliases(),
    ]);
    if (infos.length === 0) return undefined;
    return knownModels(infos, aliases);
  }
}
