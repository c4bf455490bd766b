import { CodexPlusError } from '../../kernel/errors.ts';

/** Throws for a model that LiteLLM and we lack the key of; `missingKey` tells the variable that it should be in. */
export function requireKey(model: string, missingKey: (model: string) => string | undefined): void {
  const variable = missingKey(model);
  if (variable === undefined) return;
  throw new CodexPlusError(
    'provider_key_missing',
    `the model "${model}" cannot be called: ${variable} is not set where Codex-Plus runs; set it and start Codex-Plus again`,
  );
}
