import type { InputRequest, InputRequiredResult } from '@modelcontextprotocol/client';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { nameOf } from '../failure-of.ts';

/** Who asks a user something: a server, by what it was asked itself (`tool "search"`). */
interface Asking {
  readonly server: string;
  readonly what: string;
}

/** A question for a user that names who asks: a client shows the name of the server that it is connected to, which is us. */
export function namedQuestion(question: InputRequest, { server, what }: Asking): InputRequest {
  if (question.method !== 'elicitation/create') return question;
  const { params } = question;
  return {
    ...question,
    params: { ...params, message: `${nameOf(server)}, ${visibleLine(what, 200)}: ${params.message}` },
  };
}

/** The same of questions that come as a result. */
export function withNamedQuestions(result: InputRequiredResult, asking: Asking): InputRequiredResult {
  const { inputRequests } = result;
  if (inputRequests === undefined) return result;
  const named = Object.entries(inputRequests).map(([key, one]) => [key, namedQuestion(one, asking)]);
  return { ...result, inputRequests: Object.fromEntries(named) as typeof inputRequests };
}
