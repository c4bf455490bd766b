import type { JsonObject } from '../../kernel/json-object.ts';

/** Clouds in which LiteLLM calls Claude in Anthropic's API. */
const clouds: ReadonlySet<string> = new Set(['azure_ai', 'bedrock', 'vertex_ai']);

export function isCloudOfClaude(provider: string | undefined): boolean {
  return provider !== undefined && clouds.has(provider);
}

/** By what LiteLLM knows, else by the name of a model at Anthropic itself; not every cloud has them. */
export function systemTurnsTaken(info: JsonObject, model: string, provider: string | undefined): boolean {
  const said = info['supports_mid_conversation_system'];
  return typeof said === 'boolean' ? said : !isCloudOfClaude(provider) && takesSystemTurns(model);
}

/**
 * Whether a Claude takes messages of the role `system` among the others: Opus 4.8, and all since. Source: Anthropic API,
 * "Mid-conversation system messages"; LiteLLM 1.109, `supports_mid_conversation_system`.
 */
export function takesSystemTurns(model: string): boolean {
  const [, major = '', minor = ''] = /claude-[a-z]+-(\d+)(?:-(\d{1,2}))?(?!\d)/.exec(model) ?? [];
  return Number(major) > 4 || (major === '4' && Number(minor) > 7);
}
