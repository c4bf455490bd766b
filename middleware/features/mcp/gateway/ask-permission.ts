import type { ElicitResult, InputRequest } from '@modelcontextprotocol/client';
import { isJsonObject } from '../../../kernel/json-object.ts';
import { parseTrustAnswer, type TrustAnswer } from '../../trust/parse-answer.ts';
import type { Abilities } from '../client/abilities.ts';

/** Asks the user of a client whether something may be done. */
export type AskPermission = (question: string) => Promise<TrustAnswer>;

/** How the user of such a client is asked; `undefined` for a client that shows no forms. */
export function permissionAsker(
  { elicitation }: Abilities,
  ask: (question: InputRequest) => Promise<unknown>,
): AskPermission | undefined {
  if (elicitation?.form === undefined) return undefined;
  return async (message) => wordIn(await ask({ method: 'elicitation/create', params: { ...form, message } }));
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
