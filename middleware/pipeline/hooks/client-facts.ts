import type { Exchange } from '../../kernel/exchange.ts';
import { isJsonObject, textMember } from '../../kernel/json-object.ts';
import { turnMetadataIn } from '../../protocol/codex/turn-of.ts';

/** What a request tells of its client beyond its turn, as far as hooks want to know it. */
export interface ClientFacts {
  readonly effort: string | undefined;
  /** The subagent that the request is made by. */
  readonly agent: { readonly id: string; readonly type: string } | undefined;
  /** Who wanted a compaction. */
  readonly compactionTrigger: 'manual' | 'auto';
}

/** Reads the facts from Codex's turn metadata (measured with 0.169.0); other clients tell none. */
export function clientFactsOf({ request, turn }: Exchange): ClientFacts {
  const metadata = turnMetadataIn(request.headers) ?? {};
  const { compaction } = metadata;
  return {
    effort: textMember(metadata, 'reasoning_effort'),
    agent:
      turn.kind === 'subagent'
        ? {
            id: textMember(metadata, 'thread_id') ?? 'unknown',
            type: textMember(metadata, 'subagent_kind') ?? 'subagent',
          }
        : undefined,
    compactionTrigger: isJsonObject(compaction) && compaction['trigger'] === 'manual' ? 'manual' : 'auto',
  };
}
