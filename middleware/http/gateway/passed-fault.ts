import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { protocolFault } from '../../features/mcp/client/protocol-fault.ts';

/** What comes of asking a server, with its fault as one of ours: what it answered, or that it could not be asked. */
export async function passedFault<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const { code = ProtocolErrorCode.InternalError, message, data } = protocolFault(error);
    throw new ProtocolError(code, message, data);
  }
}
