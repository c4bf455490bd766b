import type { Tool } from '@modelcontextprotocol/client';
import { isTaskOnly } from '../definitions/is-task-only.ts';
import { offeredTools } from '../offer/offered-tool.ts';
import { tokensOf } from '../offer/tool-search.ts';
import { askLists, type FailedList } from './ask-lists.ts';
import { askInTime, type Asked } from './ask-in-time.ts';
import type { ContentsClient } from './get-prompt.ts';
import { promptCommands, type PromptCommand } from './prompt-command.ts';

/** All that a server offers. */
export interface Look {
  readonly tools: readonly CostingTool[];
  readonly prompts: readonly PromptCommand[];
  /** By their addresses. */
  readonly resources: readonly string[];
  /** What of it the server did not tell. */
  readonly failed: readonly FailedList[];
}

interface CostingTool {
  readonly name: string;
  readonly description: string | undefined;
  /** What its definition costs in a request, by its length; 0 for one that models are not offered. */
  readonly tokens: number;
  /** It can be called as a task alone, and is left out for models. */
  readonly isTaskOnly: boolean;
}

/** Asks a server for all that it offers. */
export function lookAt(server: string, { servers, place, ...within }: ContentsClient): Promise<Asked<Look>> {
  const what = 'the lists of what it offers';
  return askInTime(within, (signal) =>
    servers.use<Look>(
      {
        ...{ server, what, signal, isLook: true },
        work: async (connection, until) => {
          const { tools, prompts, resources, failed } = await askLists(connection, until);
          return {
            tools: costsOf(server, tools),
            prompts: promptCommands(server, prompts),
            resources: resources.map(({ uri }) => uri),
            failed,
          };
        },
      },
      place,
    ),
  );
}

function costsOf(server: string, tools: readonly Tool[]): readonly CostingTool[] {
  const costs = new Map(offeredTools(server, tools).map((tool) => [tool.name, tokensOf([tool])]));
  return tools.map((tool) => {
    const { name, description } = tool;
    return { name, description, tokens: costs.get(name) ?? 0, isTaskOnly: isTaskOnly(tool) };
  });
}
