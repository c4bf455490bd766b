import { ProtocolError, ProtocolErrorCode, type RequestId } from '@modelcontextprotocol/server';
import { olderNotFound } from '../../features/mcp/client/as-told.ts';
import { protocolFault, type ProtocolFault } from '../../features/mcp/client/protocol-fault.ts';
import { isNoResource } from '../../features/mcp/contents/no-resource.ts';
import type { ErrorCodes } from './error-codes.ts';

/** The request that a fault is the answer to. */
export interface FaultOf {
  readonly id: RequestId;
  /** Of a client of the older protocol. */
  readonly codes?: ErrorCodes | undefined;
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
    throw isNoResource(fault)
      ? resourceNotFound(fault.message, fault.data ?? { uri }, of)
      : faultAs(fault, of);
  });
}

/** That there is no resource of an address, in the words of the client's protocol. */
export function resourceNotFound(message: string, data: unknown, of: FaultOf): ProtocolError {
  const code = of.codes === undefined ? ProtocolErrorCode.InvalidParams : olderNotFound;
  return faultAs({ code, message, data }, of);
}

function faultAs(
  { code = ProtocolErrorCode.InternalError, message, data }: ProtocolFault,
  { id, codes, signal }: FaultOf,
): ProtocolError {
  // The SDK has the newer protocol's code for it in both.
  if (code === olderNotFound && !signal.aborted) codes?.note(id, code);
  return new ProtocolError(code, message, data);
}
