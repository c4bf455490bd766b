import { isInputRequiredResult } from '@modelcontextprotocol/client';
import type { McpPlace } from '../access/server-access.ts';
import type { McpServers } from '../mcp-servers.ts';
import { outcomeOf, type OutcomePart } from '../tool-outcome.ts';
import { askForNobody, nobodyToAnswer } from './ask-for-nobody.ts';
import { askInTime, type Asked } from './ask-in-time.ts';
import { promptCommands, type PromptCommand } from './prompt-command.ts';

/** Who asks a server for its contents, from where. */
export interface ContentsClient {
  readonly servers: Pick<McpServers, 'use'>;
  readonly place: McpPlace;
  readonly signal: AbortSignal;
  /** For a start of the server and its answer, in milliseconds. */
  readonly maxMs: number;
}

/** The prompts of a server, as it lists them now. */
export function askForPrompts(
  server: string,
  { servers, place, ...within }: ContentsClient,
): Promise<Asked<readonly PromptCommand[]>> {
  const what = 'the list of its prompts';
  return askInTime(within, (signal) =>
    servers.use<readonly PromptCommand[]>(
      {
        ...{ server, what, signal },
        work: async (connection, until) => promptCommands(server, await connection.prompts(until)),
      },
      place,
    ),
  );
}

/** What a prompt says with these arguments: the contents of its messages, whoever they are from, cut like results of tools. */
export function getPrompt(
  { server, prompt }: Pick<PromptCommand, 'server' | 'prompt'>,
  values: Readonly<Record<string, string>>,
  { servers, place, ...within }: ContentsClient,
): Promise<Asked<readonly OutcomePart[]>> {
  const what = `prompt "${prompt}"`;
  const params = { name: prompt, arguments: { ...values } };
  return askInTime(within, (signal) =>
    servers.use<readonly OutcomePart[]>(
      {
        ...{ server, what, signal },
        work: async (connection, until, { maxTokens }) => {
          const result = await connection.forward('prompts/get', params, askForNobody(until, maxTokens));
          if (isInputRequiredResult(result)) throw nobodyToAnswer();
          const { messages } = result;
          return outcomeOf({ content: messages.map(({ content }) => content) }, server, maxTokens).parts;
        },
      },
      place,
    ),
  );
}
