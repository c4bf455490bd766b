import type { Caller } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';

/** A tool that the middleware itself offers at `/mcp`. */
export interface OwnTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema: JsonObject;
  /** The text of the result; what it throws becomes an error result that the caller reads. */
  readonly call: (args: JsonObject, caller: Caller) => string | Promise<string>;
}
