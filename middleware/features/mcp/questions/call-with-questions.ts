import {
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  UrlElicitationRequiredError,
  type CallToolResult,
  type InputRequest,
  type InputRequiredResult,
} from '@modelcontextprotocol/client';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { ownAbilities, rootOf } from '../client/own-abilities.ts';
import type { Connection } from '../connection.ts';
import type { Launch } from '../launch.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { ServerTime, unlimitedMs } from './server-time.ts';

/** Who answers what the server of a call asks. */
export interface Asker {
  /** Names the conversation that the call is made in: nobody else is asked. */
  readonly client: string;
  /** The answer to a question, as the protocol has it; waits for as long as it takes. */
  readonly ask: (question: InputRequest, signal: AbortSignal) => Promise<unknown>;
}

interface AskingCall {
  readonly tool: string;
  readonly input: JsonObject;
  readonly asker: Asker;
  readonly launch: Launch;
  readonly signal: AbortSignal;
}

/** How often a server of the newer protocol may come back with questions in one call. */
const maxRounds = 20;

/** Calls a tool whose server may ask something meanwhile, in the way of either protocol. */
export async function callWithQuestions(
  connection: Connection,
  { tool, input, asker, launch, signal }: AskingCall,
): Promise<CallToolResult> {
  const time = new ServerTime(launch.callMs);
  const over = new AbortController();
  const until = AbortSignal.any([signal, time.signal, over.signal]);
  const ask: Asker['ask'] = (question, asked) => time.standStill(() => asker.ask(question, asked));
  const forward = (more: JsonObject): Promise<CallToolResult | InputRequiredResult> =>
    unlessAborted(
      until,
      connection.forward(
        'tools/call',
        { name: tool, arguments: input, ...more },
        {
          ...{ client: asker.client, abilities: ownAbilities(launch), ask, asksForItself: true },
          ...{ signal: until, timeoutMs: unlimitedMs, logLevel: undefined, onLog: () => undefined },
          maxTokens: launch.maxTokens,
        },
      ),
    );
  try {
    let more: JsonObject = {};
    for (let round = 0; round <= maxRounds; round += 1) {
      const result = await forward(more).catch((error: unknown) => afterLinks(error, { ask, launch, until }));
      if (result === 'again') continue;
      if (!isInputRequiredResult(result)) return result;
      more = await answersTo(result, { ask, launch, until });
    }
    throw tooMany();
  } finally {
    time.end();
    // Of several questions one may have failed.
    over.abort(new Error('the call that it was asked for is over'));
  }
}

interface AnswerParts extends Pick<AskingCall, 'launch'> {
  readonly ask: Asker['ask'];
  readonly until: AbortSignal;
}

/** What a server of the newer protocol goes on with: the answers to its questions, and what it wanted back with them. */
async function answersTo(
  { inputRequests = {}, requestState }: InputRequiredResult,
  parts: AnswerParts,
): Promise<JsonObject> {
  const answers = await Promise.all(
    Object.entries(inputRequests).map(
      async ([key, question]) => [key, await answerTo(question, parts)] as const,
    ),
  );
  return {
    inputResponses: Object.fromEntries(answers),
    ...(requestState !== undefined && { requestState }),
  };
}

/** An older server may refuse a call until its user has opened some pages, and is called again then. */
async function afterLinks(error: unknown, { ask, until }: AnswerParts): Promise<'again'> {
  if (!(error instanceof UrlElicitationRequiredError)) throw error;
  for (const params of error.elicitations) {
    const answer = await ask({ method: 'elicitation/create', params }, until);
    if (!isJsonObject(answer) || answer['action'] !== 'accept') throw error;
  }
  return 'again';
}

async function answerTo(question: InputRequest, { ask, launch, until }: AnswerParts): Promise<unknown> {
  if (question.method !== 'roots/list') return await ask(question, until);
  const root = rootOf(launch);
  return { roots: root === undefined ? [] : [root] };
}

function tooMany(): ProtocolError {
  return new ProtocolError(
    ProtocolErrorCode.InvalidRequest,
    `its server asked something more than ${maxRounds} times`,
  );
}
