import type { Tool } from '@modelcontextprotocol/client';
import { askLists, type FailedList } from './contents/ask-lists.ts';
import { isTaskOnly } from './definitions/is-task-only.ts';
import type { Connection } from './connection.ts';

/** What a server offers, asked of itself. */
export interface Inspection extends Pick<Connection, 'era'> {
  readonly tools: readonly (Pick<Tool, 'name' | 'description'> & {
    /** It can be called as a task alone, and is left out for models. */
    readonly isTaskOnly?: true;
  })[];
  /** By their addresses. */
  readonly resources: readonly string[];
  /** By their names. */
  readonly prompts: readonly string[];
  /** What of it the server did not tell, where that is any. */
  readonly failed?: readonly FailedList[];
}

/** Asks a server for all that it offers. */
export async function inspect(connection: Connection, signal: AbortSignal): Promise<Inspection> {
  const { tools, resources, prompts, failed } = await askLists(connection, signal);
  return {
    era: connection.era,
    tools: tools.map(({ name, description, execution }) => ({
      name,
      ...(description !== undefined && { description }),
      ...(isTaskOnly({ execution }) && { isTaskOnly: true }),
    })),
    resources: resources.map(({ uri }) => uri),
    prompts: prompts.map(({ name }) => name),
    ...(failed.length > 0 && { failed }),
  };
}
