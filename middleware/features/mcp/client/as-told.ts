import { isJSONRPCErrorResponse, ProtocolError, type Transport } from '@modelcontextprotocol/client';
import { isJsonObject } from '../../../kernel/json-object.ts';

/** "Resource not found" of the protocol up to 2025-11-25, and, in any protocol, whatever a server means by it. */
export const olderNotFound = -32_002;

/** Where the data of an error stands that the SDK would have another code and less data for. */
const toldKey = 'codex-plus/told';

/** To be called when a client is connected: from then on `asTold` finds what a server said. */
export function keepFaults(transport: Transport): void {
  const { onmessage } = transport;
  transport.onmessage = (message, extra) => {
    if (!isJSONRPCErrorResponse(message) || message.error.code !== olderNotFound) {
      onmessage?.(message, extra);
      return;
    }
    const { error } = message;
    onmessage?.({ ...message, error: { ...error, data: { [toldKey]: error.data } } }, extra);
  };
}

/** What comes of a request, with an error of the server as it told it. */
export async function asTold<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ProtocolError) || !isJsonObject(error.data) || !(toldKey in error.data))
      throw error;
    throw new ProtocolError(error.code, error.message, error.data[toldKey]);
  }
}
