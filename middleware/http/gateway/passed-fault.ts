import { ProtocolError, ProtocolErrorCode, type RequestId } from '@modelcontextprotocol/server';
import { olderNotFound } from '../../features/mcp/client/as-told.ts';
import { protocolFault, type ProtocolFault } from '../../features/mcp/client/protocol-fault.ts';
import type { OpenRequests } from './open-requests.ts';

/** The request that a fault is the answer to. */
export interface FaultOf {
  readonly id: RequestId;
  /** Of a session of the older protocol. */
  readonly open?: OpenRequests | undefined;
  /** Aborted when its client gave it up: it has no answer then. */
  readonly signal: AbortSignal;
}

/** What comes of asking a server, with its fault as one of ours: what it answered, or that it could not be asked. */
export async function passedFault<T>(asked: Promise<T>, of: FaultOf): Promise<T> {
  return await asked.catch((error: unknown) => {
    throw faultAs(protocolFault(error), of);
  });
}

/** The same for a resource: that there is none is told in the words of the client's protocol. */
export async function passedResourceFault<T>(asked: Promise<T>, uri: string, of: FaultOf): Promise<T> {
  return await asked.catch((error: unknown) => {
    const fault = protocolFault(error);
    throw isNotFound(fault) ? resourceNotFound(fault.message, fault.data ?? { uri }, of) : faultAs(fault, of);
  });
}

/** That there is no resource of an address, in the words of the client's protocol. */
export function resourceNotFound(message: string, data: unknown, of: FaultOf): ProtocolError {
  const code = of.open === undefined ? ProtocolErrorCode.InvalidParams : olderNotFound;
  return faultAs({ code, message, data }, of);
}

function faultAs(
  { code = ProtocolErrorCode.InternalError, message, data }: ProtocolFault,
  { id, open, signal }: FaultOf,
): ProtocolError {
  // The SDK has the newer protocol's code for it in both.
  if (code === olderNotFound && !signal.aborted) open?.noteCode(id, code);
  return new ProtocolError(code, message, data);
}

/** In the newer protocol it is a wrong parameter which has the address, and nothing else, with it. */
function isNotFound({ code, data }: ProtocolFault): boolean {
  if (code !== ProtocolErrorCode.InvalidParams) return code === olderNotFound;
  return typeof data === 'object' && data !== null && Object.keys(data).join() === 'uri';
}
