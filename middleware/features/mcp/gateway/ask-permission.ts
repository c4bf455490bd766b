import type { ElicitResult, InputRequest } from '@modelcontextprotocol/client';
import { isJsonObject } from '../../../kernel/json-object.ts';
import { parseTrustAnswer, type TrustAnswer } from '../../trust/parse-answer.ts';
import type { Abilities } from '../client/abilities.ts';

/** Asks the user of a client whether something may be done; `undefined` where the client could not ask him. */
export type AskPermission = (question: string) => Promise<TrustAnswer | undefined>;

/** How the user of such a client is asked; `undefined` for a client that shows no forms. */
export function permissionAsker(
  { elicitation }: Abilities,
  ask: (question: InputRequest) => Promise<unknown>,
  signal: AbortSignal,
): AskPermission | undefined {
  if (elicitation?.form === undefined) return undefined;
  return async (message) => {
    try {
      return wordIn(await ask({ method: 'elicitation/create', params: { ...form, message } }));
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  };
}

const form = {
  mode: 'form' as const,
  requestedSchema: {
    type: 'object' as const,
    properties: {
      answer: {
        type: 'string' as const,
        title: 'Allow?',
        description: 'yes for this call, always for the same call in this conversation',
        enum: ['yes', 'no', 'always'],
      },
    },
    required: ['answer'],
  },
};

/** Whatever is no yes is a no. */
function wordIn(given: unknown): TrustAnswer {
  const { action, content } = (isJsonObject(given) ? given : {}) as Partial<ElicitResult>;
  const answer = action === 'accept' ? content?.['answer'] : undefined;
  return (typeof answer === 'string' ? parseTrustAnswer(answer) : undefined) ?? 'no';
}
