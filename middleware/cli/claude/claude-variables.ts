import { valueOf, type Environment } from '../../platform/config/environment.ts';

/**
 * What Claude Code switches off behind an address that is not Anthropic's, and works here. Measured: 2.1.150 and 2.1.250
 * send the schema of every MCP tool without it, 2.1.332 searches for them by itself.
 */
export const switchedOnAgain: Readonly<Record<string, string>> = { ENABLE_TOOL_SEARCH: 'true' };

interface ClaudeVariablesOptions {
  readonly url: string;
  readonly env: Environment;
  /** The caller's key for a middleware that asks for one. */
  readonly key: string | undefined;
  readonly isLoggedIn: boolean;
}

/**
 * The variables that point Claude Code at `url`. A login of its own stays: a key in a variable would go before a
 * subscription, so ours goes out in a header then. Without a login there has to be some key, or nothing is asked.
 */
export function claudeVariables({
  url,
  env,
  key,
  isLoggedIn,
}: ClaudeVariablesOptions): Record<string, string> {
  const variables: Record<string, string> = { ANTHROPIC_BASE_URL: url };
  for (const [name, value] of Object.entries(switchedOnAgain)) variables[name] = valueOf(env, name) ?? value;
  if (!isLoggedIn) variables['ANTHROPIC_API_KEY'] = key ?? 'no-key-needed';
  else if (key !== undefined) {
    const own = valueOf(env, 'ANTHROPIC_CUSTOM_HEADERS');
    const header = `x-codex-plus-key: ${key}`;
    variables['ANTHROPIC_CUSTOM_HEADERS'] = own === undefined ? header : `${own}\n${header}`;
  }
  return variables;
}
