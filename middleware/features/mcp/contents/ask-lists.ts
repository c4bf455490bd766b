import {
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  type Prompt,
  type Resource,
  type Tool,
} from '@modelcontextprotocol/client';
import { visibleLine } from '../../../kernel/visible-text.ts';
import type { Connection, ListName } from '../connection.ts';

/** A list that a server did not tell, and why, without what nobody is to read. */
export interface FailedList {
  readonly list: ListName;
  readonly reason: string;
}

/** What a server lists; what it did not tell is empty. */
interface AskedLists {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
  readonly failed: readonly FailedList[];
}

const listNames = ['tools', 'prompts', 'resources'] as const;
const maxReason = 500;

/** Asks a server for all that it lists. Rejects where it tells none of what it says it has. */
export async function askLists(connection: Connection, signal: AbortSignal): Promise<AskedLists> {
  const [tools, prompts, resources] = await Promise.allSettled([
    connection.tools(signal),
    connection.prompts(signal),
    connection.resources(signal),
  ]);
  const asked = { tools, prompts, resources };
  const errors = new Map<ListName, unknown>();
  for (const list of listNames) {
    const one = asked[list];
    if (one.status === 'rejected') errors.set(list, one.reason);
  }
  const isAnyTold = listNames.some(
    (list) => connection.capabilities[list] !== undefined && !errors.has(list),
  );
  for (const error of errors.values()) if (!isAnyTold || !isOfList(error)) throw error;
  return {
    ...{ tools: toldIn(tools), prompts: toldIn(prompts), resources: toldIn(resources) },
    failed: [...errors].map(([list, error]) => ({ list, reason: reasonOf(error) })),
  };
}

function toldIn<Item>(asked: PromiseSettledResult<readonly Item[]>): readonly Item[] {
  return asked.status === 'fulfilled' ? asked.value : [];
}

/** What says nothing of the connection, nor of who may use it. */
function isOfList(error: unknown): boolean {
  if (error instanceof SdkHttpError) return ![401, 403].includes(error.status);
  return error instanceof ProtocolError || (error instanceof SdkError && ofLists.has(error.code));
}

const ofLists: ReadonlySet<SdkErrorCode> = new Set([
  SdkErrorCode.InvalidResult,
  SdkErrorCode.ListPaginationExceeded,
  SdkErrorCode.RequestTimeout,
]);

/** What the SDK says of an answer has parts of it. */
function reasonOf(error: unknown): string {
  if (error instanceof ProtocolError) return visibleLine(error.message, maxReason);
  if (error instanceof SdkHttpError) return `it answered with HTTP ${error.status}`;
  return error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout
    ? 'it did not answer in time'
    : 'it answered with what is no such list';
}
