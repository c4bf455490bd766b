/** The ids that are Codex's own. The last one may have an entry, with some members only. Measured with 0.171.0. */
export const ownProviders = ['openai', 'ollama', 'lmstudio', 'amazon-bedrock'] as const;
