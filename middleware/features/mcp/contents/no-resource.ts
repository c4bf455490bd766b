import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { olderNotFound } from '../client/as-told.ts';
import type { ProtocolFault } from '../client/protocol-fault.ts';
import { nameOf } from '../failure-of.ts';

/** A resource of a server that was asked for. */
interface AskedResource {
  readonly server: string;
  readonly uri: string;
  /** What to do where it is not there. */
  readonly hint: string;
}

/** What comes of asking a server for a resource; that it has none of this address is told in words that say which server. */
export async function fromResource<T>(asked: Promise<T>, { server, uri, hint }: AskedResource): Promise<T> {
  return await asked.catch((error: unknown) => {
    if (!(error instanceof ProtocolError) || !isNoResource(error)) throw error;
    const { code, message, data } = error;
    throw new ProtocolError(
      code,
      `${nameOf(server)} has no ${named(uri)}${saying(message, uri)}; ${hint}`,
      data,
    );
  });
}

/** Where no server says that it has it. */
export function nowhereText(uri: string): string {
  return `No MCP server has told of a ${named(uri)}; ${listHint}`;
}

export const listHint = 'resources/list and resources/templates/list tell which there are';

/**
 * Whether a server means that a resource is not there. In the newer protocol it is a wrong parameter which has the address, and
 * nothing else, with it; older SDKs say that a parameter is wrong, of which there is only one.
 */
export function isNoResource({ code, data }: Omit<ProtocolFault, 'message'>): boolean {
  if (code !== ProtocolErrorCode.InvalidParams || data === undefined)
    return code === olderNotFound || code === ProtocolErrorCode.InvalidParams;
  return typeof data === 'object' && data !== null && Object.keys(data).join() === 'uri';
}

function named(uri: string): string {
  return `resource "${visibleLine(uri, 300)}"`;
}

/** Of what the server says, what is more than that; older SDKs put the code into their words. */
function saying(message: string, uri: string): string {
  const said = visibleLine(message.replace(/^MCP error -?\d+: /, ''), 600);
  const isMore = !/^(?:unknown )?(?:resource)?\W*(?:not found)?\W*$/i.test(said.replace(uri, ''));
  return isMore ? `: ${said}` : '';
}
