import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';
import { atItsAddress } from '../../platform/config/deployments/litellm-addresses.ts';
import type { Environment } from '../../platform/config/environment.ts';
import {
  modelWithProvider,
  type LitellmModels,
  type StarEntry,
} from '../../platform/config/litellm-config.ts';
import { LitellmDeployments, type Found } from '../../platform/config/deployments/litellm-deployments.ts';
import { textsOfStars } from '../../platform/config/deployments/star-names.ts';
import type { ModelInfo } from '../litellm/models/model-info.ts';
import { providerOf, targetOfModel, type KnownTarget } from './target-of-model.ts';

/** What the configuration says of names that LiteLLM does not tell. */
export interface ConfiguredNames {
  readonly models: LitellmModels;
  /** Entries for many names, of which LiteLLM tells the names that it knows alone. */
  readonly stars: readonly StarEntry[];
  /** LiteLLM's environment, as far as it is known: it may name addresses of providers. */
  readonly env: Environment;
}

/** A configuration has fewer names; of those that clients make up not all are kept. */
const maxKept = 1000;

interface Row {
  readonly name: string;
  readonly model: string;
  readonly id: string | undefined;
  readonly of: ModelInfo;
}

/**
 * The targets of all names that LiteLLM answers to. Of an entry with stars it tells in its place the names that it knows;
 * newer ones are found by the entry.
 */
export class KnownModels {
  readonly #deployments: LitellmDeployments<Row>;
  /** By the model of the entry: what LiteLLM knows of it under whichever name. */
  readonly #infoOf: ReadonlyMap<unknown, ModelInfo['info']>;
  /** Names that LiteLLM tells in the place of an entry with stars. */
  readonly #ofStars: readonly string[];
  readonly #isOpen: boolean;
  readonly #places: Parameters<typeof atItsAddress>[2];
  readonly #targets = new BoundedMap<string, KnownTarget>(maxKept);

  constructor(infos: readonly ModelInfo[], { models, stars, env }: ConfiguredNames) {
    const named = new Set(models.names);
    const isOfStars = ({ name }: ModelInfo): boolean =>
      !named.has(name) && stars.some((star) => textsOfStars(star.name, name) !== undefined);
    const told = infos.filter((info) => !isOfStars(info));
    this.#ofStars = infos.filter(isOfStars).map(({ name }) => name);
    this.#isOpen = models.isOpen;
    this.#places = { addresses: models.addresses, env };
    const toldNames = new Set(told.map(({ name }) => name));
    const untold = stars.filter(({ name }) => !toldNames.has(name)).map((star) => ({ ...star, info: {} }));
    this.#infoOf = new Map(infos.map(({ params, info }) => [params['model'], info]));
    this.#deployments = new LitellmDeployments([...told, ...untold].map(rowOf), models.naming);
  }

  /** `undefined` where nobody knows whose API it is. */
  targetOf(model: string): KnownTarget | undefined {
    const kept = this.#targets.get(model);
    if (kept !== undefined) return kept;
    const found = this.#deployments.of(model);
    const target = targetOfModel(found.map((each) => this.#called(each)));
    const isByStars = found.some(({ deployment, model: called }) => deployment.model !== called);
    // Whose model it is, LiteLLM then makes out of a list of its own.
    if (target === undefined || (isByStars && target.traits.provider === undefined)) return undefined;
    this.#targets.set(model, target);
    return target;
  }

  /** Whether LiteLLM has, or may have, deployments for a name. */
  has(model: string): boolean {
    if (this.#isOpen || this.#deployments.of(model).length > 0) return true;
    // Where there are stars, it looks for a model without a provider under each that it knows of it.
    return this.#ofStars.some((name) => name.endsWith(`/${model}`));
  }

  /** A deployment as LiteLLM calls it, and where. */
  #called({ deployment: { of }, model }: Found<Row>): ModelInfo {
    const isAsTold = of.params['model'] === model;
    const params = isAsTold ? of.params : { ...of.params, model };
    const info = isAsTold ? of.info : { ...this.#infoOf.get(model), ...of.info };
    const provider = providerOf(modelWithProvider(params), info);
    return { name: of.name, params: atItsAddress(params, provider, this.#places), info };
  }
}

function rowOf(of: ModelInfo): Row {
  const { id } = of.info;
  const model = typeof of.params['model'] === 'string' ? of.params['model'] : '';
  return { name: of.name, model, id: typeof id === 'string' ? id : undefined, of };
}
