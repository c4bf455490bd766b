import { nameOf } from '../../features/mcp/failure-of.ts';
import type {
  ServerAnswer,
  ServerRequest,
  UserQuestion,
  UserReply,
} from '../../features/mcp/questions/user-question.ts';
import type { HookEventFields } from '../../features/hooks/hook-event-fields.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { tellMessages, type HookExchange, type RunHooks } from '../hooks/hook-runner.ts';

/** A question that a server asks its user, as it came and as it is put to him. */
export interface ServerQuestion {
  readonly server: string;
  readonly request: ServerRequest;
  readonly question: Pick<UserQuestion, 'accept'>;
}

/** What hooks say to the questions of servers: they may answer in the user's place, and change or stop what he answers. */
export interface QuestionHooks {
  /** Before the user is asked: the answer in his place, `undefined` where he is to be asked. */
  readonly asked: (question: ServerQuestion, on: HookExchange) => Promise<ServerAnswer | undefined>;
  /** Behind his answer: what the server gets. */
  readonly answered: (
    question: ServerQuestion,
    answer: ServerAnswer,
    on: HookExchange,
  ) => Promise<ServerAnswer>;
}

/** The hooks of a place; `undefined` where it has none for questions. */
export type QuestionHooksOf = (place: HookPlace | undefined) => QuestionHooks | undefined;

const events = ['Elicitation', 'ElicitationResult'] as const;
const declined: ServerAnswer = { action: 'decline' };

/** A hook that fails says nothing; one that stops an answer, or makes one of it that does not fit, has the server told no. */
export function createQuestionHooks(run: RunHooks): QuestionHooksOf {
  return (place) => {
    if (place === undefined || !events.some((event) => place.hooks.anyFor(event))) return undefined;
    return {
      asked: (question, on) => askedFirst(question, { place, on, run }),
      answered: (question, answer, on) => answeredBy(question, answer, { place, on, run }),
    };
  };
}

interface QuestionRun {
  readonly place: HookPlace;
  readonly on: HookExchange;
  readonly run: RunHooks;
}

async function askedFirst(
  asked: ServerQuestion,
  { place, on, run }: QuestionRun,
): Promise<ServerAnswer | undefined> {
  const { server, question } = asked;
  const { refusal, action, content = {} } = await run(place, 'Elicitation', fieldsOf(asked), on);
  if (refusal !== undefined)
    return refused(`Elicitation hook declined what ${nameOf(server)} asks`, refusal, place);
  if (action === undefined) return undefined;
  const reply = replyWith(action, content, question);
  if (reply.kind === 'unclear') {
    const { problems } = reply;
    place.log.warn('a hook answered what does not fit the question of an MCP server', { server, problems });
    return undefined;
  }
  place.log.info('a hook answered the question of an MCP server', { server, action });
  return reply.result;
}

async function answeredBy(
  asked: ServerQuestion,
  answer: ServerAnswer,
  { place, on, run }: QuestionRun,
): Promise<ServerAnswer> {
  const { server, id, mode } = fieldsOf(asked);
  const told = { server, id, mode, action: answer.action, content: answer.content };
  const { refusal, action, content } = await run(place, 'ElicitationResult', told, on);
  const what = `ElicitationResult hook declined your answer to ${nameOf(server)}`;
  if (refusal !== undefined) return refused(what, refusal, place);
  if (action === undefined && content === undefined) return answer;
  const reply = replyWith(action ?? answer.action, content ?? answer.content ?? {}, asked.question);
  if (reply.kind === 'unclear')
    return refused(what, `what it made of it does not fit. ${reply.problems.join(' ')}`, place);
  place.log.info('a hook changed the answer to an MCP server', { server, action: reply.result.action });
  return reply.result;
}

/** The user reads why, and the model does not: it may say what he answered. */
function refused(what: string, reason: string, place: HookPlace): ServerAnswer {
  tellMessages([`${what}: ${reason}`], place);
  return declined;
}

/** Only an accept has a content. */
function replyWith(
  action: ServerAnswer['action'],
  content: JsonObject,
  { accept }: ServerQuestion['question'],
): UserReply {
  return action === 'accept' ? accept(content) : { kind: 'reply', result: { action } };
}

function fieldsOf({ server, request }: ServerQuestion): HookEventFields['Elicitation'] {
  const asked: JsonObject = isJsonObject(request.params) ? request.params : {};
  const schema = asked['requestedSchema'];
  return {
    server,
    message: textIn(asked['message']) ?? '',
    mode: textIn(asked['mode']) ?? 'form',
    url: textIn(asked['url']),
    id: textIn(asked['elicitationId']),
    schema: isJsonObject(schema) ? schema : undefined,
  };
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
