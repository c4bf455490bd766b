import type { JsonObject } from '../../kernel/json-object.ts';

/** Who says it: `litellm_config.yaml`, in the `model_info` of an entry; LiteLLM's own list of models; or nobody. */
export type FactSource = 'configured' | 'litellm' | 'assumed';

/** What is known of a model, and by whom. */
export interface Fact<T> {
  readonly value: T;
  readonly source: FactSource;
}

/** A model as clients may ask for it. Of several deployments of one name it is what all of them can do. */
export interface CatalogModel {
  readonly name: string;
  readonly provider: string | undefined;
  /** Tokens that fit into a request. */
  readonly contextTokens: Fact<number>;
  /** `undefined` where nobody knows. */
  readonly maxOutputTokens: Fact<number | undefined>;
  readonly takesImages: Fact<boolean>;
  /** The efforts that it takes, from the least to the most; empty for one that does not reason. */
  readonly efforts: Fact<readonly string[]>;
}

/** What Codex shows beside them; `none` is no choice there. */
const effortTexts: ReadonlyMap<string, string> = new Map([
  ['minimal', 'Hardly thinks'],
  ['low', 'Answers sooner, thinks less'],
  ['medium', 'Balanced'],
  ['high', 'Thinks longer before it answers'],
  ['xhigh', 'Thinks much longer'],
  ['max', 'Thinks as long as it can'],
]);

/** What Codex tells the model first. Without a text here it would tell nothing, and its own default is for other tools. */
const baseInstructions = `You are a coding agent. You work in the user's workspace through the Codex CLI, with a shell and a tool that applies patches.

How to work:
- Read the code that a task touches before you change it, and follow its style. Search with \`rg\` where it is installed.
- Do the whole task: make the change, run what shows that it works (tests, build, linter), and mend what fails. Ask only when the
  answer would change what you do and the workspace does not give it.
- Change no more than the task needs. Do not revert changes that you did not make, and do not commit unless you are asked to.
- Edit files with \`apply_patch\`; use the shell for everything else. Paths are relative to the workspace.
- Respect the sandbox and the approvals that you are told about. When a command is refused, say so or find another way that is allowed.
- Never print secrets that you come across.

How to answer:
- Before a longer step, say in one sentence what you are about to do.
- At the end say what you changed and what you ran, with the paths of files as \`path:line\`. Keep it short; no praise, no filler.
- Say plainly what you could not do or did not check.`;

/**
 * The answer to Codex's `GET /models?client_version=…`. It replaces the catalogue that Codex ships (measured with
 * 0.169.0), so every model that clients may ask for is in it. All have the classic tool shape, which every
 * provider understands. Without `canPatch` Codex does not offer them its tool that changes files.
 */
export function codexCatalog(models: readonly CatalogModel[], canPatch = true): unknown {
  return { models: models.map((model, index) => codexModel(model, { index, canPatch })) };
}

/** The answer to `GET /models` in OpenAI's shape. */
export function openaiModelList(models: readonly CatalogModel[]): {
  readonly object: 'list';
  readonly data: readonly JsonObject[];
} {
  return {
    object: 'list',
    data: models.map(({ name, provider }) => ({
      id: name,
      object: 'model',
      created: 0,
      owned_by: provider ?? 'unknown',
    })),
  };
}

/** When a model was released is not known here. Source: Anthropic API, "Models": an epoch value where that is so. */
const unknownTime = '1970-01-01T00:00:00Z';

interface AnthropicModelList {
  readonly data: readonly { readonly id: string }[];
  readonly has_more: false;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

/** The answer to `GET /models` in Anthropic's shape. */
export function anthropicModelList(models: readonly CatalogModel[]): AnthropicModelList {
  const data = models.map(({ name, contextTokens, maxOutputTokens }) => ({
    ...{ type: 'model', id: name, display_name: name, created_at: unknownTime },
    max_input_tokens: contextTokens.source === 'assumed' ? null : contextTokens.value,
    max_tokens: maxOutputTokens.value ?? null,
  }));
  return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
}

/** What is known of each model, and by whom: the answer to `GET /models?details`. */
export function detailedModelList(models: readonly CatalogModel[]): unknown {
  return {
    object: 'list',
    data: models.map(({ name, provider, contextTokens, maxOutputTokens, takesImages, efforts }) => ({
      ...{ id: name, object: 'model', provider: provider ?? null, context_tokens: contextTokens },
      max_output_tokens: { ...maxOutputTokens, value: maxOutputTokens.value ?? null },
      ...{ takes_images: takesImages, efforts },
    })),
  };
}

function codexModel(
  model: CatalogModel,
  { index, canPatch }: { readonly index: number; readonly canPatch: boolean },
): unknown {
  const { name, provider, contextTokens, takesImages, efforts } = model;
  const levels = efforts.value.flatMap((effort) => {
    const description = effortTexts.get(effort);
    return description === undefined ? [] : [{ effort, description }];
  });
  return {
    slug: name,
    display_name: name,
    description: provider === undefined ? 'Through Codex-Plus' : `${provider}, through Codex-Plus`,
    ...(levels.length === 0 ? {} : { default_reasoning_level: 'medium' }),
    supported_reasoning_levels: levels,
    shell_type: 'unified_exec',
    visibility: 'list',
    supported_in_api: true,
    priority: index + 1,
    support_verbosity: false,
    apply_patch_tool_type: canPatch ? 'freeform' : null,
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    context_window: contextTokens.value,
    max_context_window: contextTokens.value,
    input_modalities: takesImages.value ? ['text', 'image'] : ['text'],
    experimental_supported_tools: [],
    use_responses_lite: false,
    base_instructions: baseInstructions,
  };
}
