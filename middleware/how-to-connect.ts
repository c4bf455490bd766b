import { urlOf } from './platform/release/url-of.ts';

/** What a person needs to point a client here, for the terminal; `only`: the models that there are, where they are few. */
export function howToConnect(host: string, port: number, only: readonly string[]): string {
  const base = urlOf(host, port);
  const clients =
    only.length > 0
      ? [`  OpenAI SDKs   OPENAI_BASE_URL=${base}/v1`, `  models        ${only.join(', ')}`]
      : [
          `  Codex CLI     codex -c model_provider=codex-plus -c 'model_providers.codex-plus={name="codex-plus",base_url="${base}/v1"}' -m gpt-5`,
          `  with ChatGPT  codex -c 'openai_base_url="${base}/v1"'`,
          `  OpenAI SDKs   OPENAI_BASE_URL=${base}/v1`,
          `  Claude Code   ANTHROPIC_BASE_URL=${base}`,
        ];
  return ['', ...clients, `  health        curl ${base}/health`, ''].join('\n');
}
