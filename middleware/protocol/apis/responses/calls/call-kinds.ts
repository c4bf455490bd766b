import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { CallKind } from '../../../translation/model-request.ts';
import { objectAt, textAt } from '../../common/read-event.ts';

/** A kind of call of the Responses API that a client runs, or answers. */
export interface ResponsesCallKind {
  /** The name of a tool that the API itself knows; `undefined` where the call says which it is. */
  readonly tool: string | undefined;
  /** The members that say what is to be done: of one its value is the input, of several an object with those that are there. */
  readonly inputs: readonly [string, ...string[]];
  /** How the events are named in which its input, a text then, is streamed; `undefined` where it comes with the whole item. */
  readonly streamedAs: string | undefined;
  /** The type of the item that says what came of it. */
  readonly output: string;
  /** How other providers are told of it. */
  readonly callKind: CallKind;
  /** How the ids of such items begin. */
  readonly idPrefix: string;
  /** Which of its calls the provider runs itself. */
  readonly isProviders: (item: JsonObject) => boolean;
  /** The member that has the id of the call. */
  readonly id: 'call_id' | 'id';
}

const common = {
  streamedAs: undefined,
  callKind: 'function',
  isProviders: () => false,
  id: 'call_id',
} as const satisfies Partial<ResponsesCallKind>;

/**
 * Every kind of call there is, by the type of its item. What a call says, how it is streamed and changed, and what comes of it is
 * read from here, or stands in a table whose rows are of `CallType`: a kind that lacks something there is a type error.
 */
const table = {
  function_call: {
    ...common,
    ...{ tool: undefined, inputs: ['arguments'], streamedAs: 'function_call_arguments' },
    ...{ output: 'function_call_output', idPrefix: 'fc' },
  },
  custom_tool_call: {
    ...common,
    ...{ tool: undefined, inputs: ['input'], streamedAs: 'custom_tool_call_input', callKind: 'custom' },
    ...{ output: 'custom_tool_call_output', idPrefix: 'ctc' },
  },
  shell_call: {
    ...common,
    ...{ tool: 'shell', inputs: ['action'], output: 'shell_call_output', idPrefix: 'sh' },
    isProviders: (item) => objectAt(item, 'environment')['type'] === 'container_reference',
  },
  local_shell_call: {
    ...common,
    ...{ tool: 'local_shell', inputs: ['action'], callKind: 'local_shell' },
    ...{ output: 'local_shell_call_output', idPrefix: 'lsc' },
  },
  apply_patch_call: {
    ...common,
    ...{ tool: 'apply_patch', inputs: ['operation'], output: 'apply_patch_call_output', idPrefix: 'apc' },
  },
  // One action, or several at once.
  computer_call: {
    ...common,
    ...{ tool: 'computer', inputs: ['action', 'actions'], output: 'computer_call_output', idPrefix: 'cu' },
  },
  tool_search_call: {
    ...common,
    ...{ tool: 'tool_search', inputs: ['arguments'], callKind: 'search' },
    ...{ output: 'tool_search_output', idPrefix: 'tsc' },
    isProviders: ({ execution }) => execution === 'server',
  },
  // Where the provider asks for leave to call a tool of an MCP server. It calls the tool itself then, with what it has.
  mcp_approval_request: {
    ...common,
    ...{ tool: undefined, inputs: ['arguments'], output: 'mcp_approval_response', idPrefix: 'mcpr' },
    id: 'id',
  },
} as const satisfies Readonly<Record<string, ResponsesCallKind>>;

export type CallType = keyof typeof table;

export const callKinds: Readonly<Record<CallType, ResponsesCallKind>> = table;

const types = Object.keys(table) as readonly CallType[];

/** What kind of call an item is, whoever runs it; `undefined` for one that is none that we know. */
export function callTypeOf(item: JsonObject): CallType | undefined {
  const type = textAt(item, 'type');
  return Object.hasOwn(table, type) ? (type as CallType) : undefined;
}

const answered: ReadonlyMap<string, CallType> = new Map(types.map((type) => [callKinds[type].output, type]));

/** To what kind of call an item says what came of it. */
export function answeredTypeOf(item: JsonObject): CallType | undefined {
  return answered.get(textAt(item, 'type'));
}

/** The members of texts that are streamed, by the names of their events. */
export const streamedInputs: ReadonlyMap<string, string> = new Map(
  Object.values(callKinds).flatMap(({ streamedAs, inputs: [member] }) =>
    streamedAs === undefined ? [] : [[streamedAs, member] as const],
  ),
);

/** What JSON has in it where a call may be, for a search: the ends of the types, or all of one that ends otherwise. */
export const callHints: readonly string[] = ['_call', ...types.filter((type) => !type.endsWith('_call'))];
