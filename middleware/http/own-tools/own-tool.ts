import type { Caller } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';

/** Whose call of a tool it is, and where. */
export interface OwnToolCaller {
  readonly caller: Caller;
  /** `undefined` for a caller who may have no project. */
  readonly project: ProjectSnapshot | undefined;
  /** The same for all calls of one client. */
  readonly session: string;
  readonly signal: AbortSignal;
}

/** A tool that the middleware itself offers at `/mcp`. */
export interface OwnTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema: JsonObject;
  /** That it changes nothing: clients ask nobody before they call it. */
  readonly annotations?: { readonly readOnlyHint: true };
  /** Whether a client that calls itself so has it in its list; by default every one has. Who knows it may call it in any case. */
  readonly isListed?: (clientName: string) => boolean;
  /** The text of the result; what it throws becomes an error result that the caller reads. */
  readonly call: (args: JsonObject, by: OwnToolCaller) => string | Promise<string>;
}
