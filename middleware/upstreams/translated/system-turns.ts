import type { JsonObject } from '../../kernel/json-object.ts';

/** By what LiteLLM knows, else by the name of a model at Anthropic itself; not every cloud has them. */
export function systemTurnsTaken(info: JsonObject, model: string): boolean {
  const said = info['supports_mid_conversation_system'];
  return typeof said === 'boolean'
    ? said
    : !/^(?:azure_ai|bedrock|vertex_ai)\b/.test(model) && takesSystemTurns(model);
}

/**
 * Whether a Claude takes messages of the role `system` among the others: Opus 4.8, and all since. Source: Anthropic API,
 * "Mid-conversation system messages"; LiteLLM 1.109, `supports_mid_conversation_system`.
 */
export function takesSystemTurns(model: string): boolean {
  const [, major = '', minor = ''] = /claude-[a-z]+-(\d+)(?:-(\d{1,2}))?(?!\d)/.exec(model) ?? [];
  return Number(major) > 4 || (major === '4' && Number(minor) > 7);
}
