import type { ApiRequest } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';

/** A tool of ours that a model is offered beside those of its client. */
export interface ToolDefinition {
  /** Of the tools that belong together, `mcp__server`. */
  readonly group: string;
  /** Within its group. The model calls it as `group__tool`, or by both where its client has groups. */
  readonly tool: string;
  readonly description: string;
  /** A JSON schema of an object. */
  readonly parameters: JsonObject;
  /** What is said of all tools of its group; the same for each of them. */
  readonly about?: string;
}

/** What a request says of tools. */
export interface ClientTools {
  /** How many the client has, those that the provider runs among them. */
  readonly count: number;
  /** Whether the model decides itself which tool it calls, if any, and its answer is one that may go on. */
  readonly isFree: boolean;
  /** Whether tools of a group are the client's own, as far as its tools name them; `undefined` where they name none at all. */
  readonly hasGroup: ((group: string) => boolean) | undefined;
}

/** Where the definitions of tools stand in a request of one API. */
export interface ToolsCodec {
  readonly read: (json: Buffer) => ClientTools;
  /** The request with further tools behind the client's, at least one. Every other byte stays. */
  readonly withTools: (request: ApiRequest, definitions: readonly ToolDefinition[]) => ApiRequest;
}

/** The name of a tool where groups are nothing but a part of names. */
export function joinedName({ group, tool }: Pick<ToolDefinition, 'group' | 'tool'>): string {
  return `${group}__${tool}`;
}
