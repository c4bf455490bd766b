import type { Api } from '../../kernel/exchange.ts';

/** What Codex calls models in. */
export const codexApi: Api = 'responses';
