import { byRank, textsOfStars, withTexts } from './star-names.ts';

/** A deployment as LiteLLM finds it by a name. */
interface Findable {
  /** `model_name`. */
  readonly name: string;
  /** `litellm_params.model`. */
  readonly model: string;
  /** `model_info.id`; LiteLLM makes one where there is none. */
  readonly id: string | undefined;
  /** What it names as its provider, where LiteLLM knows no such one and leaves it out. */
  readonly unknownProvider?: string | undefined;
}

/** What the configuration says of names that are no deployment's own. */
export interface NameSettings {
  /** `router_settings.model_group_alias`: another name to the one that is meant. */
  readonly aliases: Readonly<Record<string, string>>;
  /** `litellm_settings.model_alias_map`, which is read before everything else. */
  readonly globalAliases: Readonly<Record<string, string>>;
  /** `router_settings.routing_groups`: a name to those of its members. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Who answers for a name that LiteLLM lets in and has no deployment of: the first of `default_fallbacks`. */
  readonly fallback: string | undefined;
}

/** A deployment that a name leads to. */
export interface Found<T> {
  readonly deployment: T;
  /** `litellm_params.model` of the call: its stars are what stood for them in the name. */
  readonly model: string;
}

/**
 * Finds the deployments of a name in the order in which LiteLLM 1.109 does (`_common_checks_available_deployment` of its router,
 * behind `route_request` of its proxy): ids, aliases, of which each is followed once, groups, names, names with stars, and
 * at last the models of entries.
 */
export class LitellmDeployments<T extends Findable> {
  readonly #byName: ReadonlyMap<string, readonly T[]>;
  readonly #byId: ReadonlyMap<string, T>;
  readonly #byModel: ReadonlyMap<string, readonly T[]>;
  readonly #patterns: readonly string[];
  readonly #aliases: ReadonlyMap<string, string>;
  readonly #globalAliases: ReadonlyMap<string, string>;
  readonly #groups: ReadonlyMap<string, readonly string[]>;
  readonly #fallback: string | undefined;

  constructor(deployments: readonly T[], { aliases, globalAliases, groups, fallback }: NameSettings) {
    this.#byName = Map.groupBy(deployments, ({ name }) => name);
    // The first of an id keeps it.
    this.#byId = new Map(
      deployments.toReversed().flatMap((each) => (each.id === undefined ? [] : [[each.id, each] as const])),
    );
    this.#byModel = Map.groupBy(deployments, ({ model }) => model);
    this.#patterns = [...this.#byName.keys()].filter((name) => name.includes('*')).toSorted(byRank);
    this.#aliases = new Map(Object.entries(aliases));
    this.#globalAliases = new Map(Object.entries(globalAliases));
    this.#groups = new Map(Object.entries(groups));
    this.#fallback = fallback;
  }

  /** Those that LiteLLM chooses among for a call of this name; none for a name that it refuses. */
  of(name: string): readonly Found<T>[] {
    const called = this.#globalAliases.get(name) ?? name;
    const byId = this.#byName.has(called) ? undefined : this.#byId.get(called);
    if (byId !== undefined) return asTheyAre([byId]);
    return this.#meantBy(this.#aliases.get(called) ?? called) ?? this.#instead(called);
  }

  /** Whether LiteLLM has a deployment for a name: an alias may lead nowhere, and an entry may have no provider that it knows. */
  hasCallable(name: string): boolean {
    return this.of(name).some(({ deployment }) => deployment.unknownProvider === undefined);
  }

  #meantBy(name: string): readonly Found<T>[] | undefined {
    const own = this.#ofGroup(name) ?? this.#byName.get(name);
    if (own !== undefined) return asTheyAre(own);
    const fitting = this.#ofPatterns(name) ?? this.#ofPatterns(withProvider(name));
    if (fitting !== undefined) return fitting;
    const model = this.#byModel.get(name);
    return model === undefined ? undefined : asTheyAre(model);
  }

  /** For a name that leads to nothing. */
  #instead(called: string): readonly Found<T>[] {
    // LiteLLM asks its router at all only for names that it knows, or where there are stars.
    const isLetIn = this.#aliases.has(called) || this.#patterns.length > 0;
    return isLetIn && this.#fallback !== undefined ? asTheyAre(this.#byName.get(this.#fallback) ?? []) : [];
  }

  #ofGroup(name: string): readonly T[] | undefined {
    if (this.#byName.has(name) || this.#aliases.has(name)) return undefined;
    return this.#groups.get(name)?.flatMap((member) => this.#byName.get(member) ?? []);
  }

  #ofPatterns(name: string | undefined): readonly Found<T>[] | undefined {
    if (name === undefined) return undefined;
    for (const pattern of this.#patterns) {
      const found = textsOfStars(pattern, name);
      if (found === undefined) continue;
      const fitting = this.#byName.get(pattern) ?? [];
      return fitting.map((deployment) => ({ deployment, model: withTexts(deployment.model, found, name) }));
    }
    return undefined;
  }
}

function asTheyAre<T extends Findable>(deployments: readonly T[]): readonly Found<T>[] {
  return deployments.map((deployment) => ({ deployment, model: deployment.model }));
}

/** LiteLLM knows whose the models of these two are, and then looks for them under their provider as well. */
function withProvider(name: string): string | undefined {
  const provider = name.includes('/') ? undefined : providerOfBareName(name);
  return provider === undefined ? undefined : `${provider}/${name}`;
}

/** LiteLLM knows the models of these two providers without a prefix. */
export function providerOfBareName(model: string): string | undefined {
  if (/^(?:gpt-|chatgpt-|o\d)/.test(model)) return 'openai';
  return model.startsWith('claude-') ? 'anthropic' : undefined;
}
