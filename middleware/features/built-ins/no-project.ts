import type { Exchange } from '../../kernel/exchange.ts';

/** The answer where no configuration is known: what the caller can do. */
export function noProject({ caller }: Exchange): string {
  const name = 'name your folder in the header `x-codex-plus-workspace`, as Codex does by itself';
  return caller.kind === 'local'
    ? `No folder is known for this request: ${name}.\n`
    : `No folder is known for this request, or you may not use it: ${name}.\n`;
}
