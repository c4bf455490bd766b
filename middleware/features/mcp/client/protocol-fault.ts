import { ProtocolError } from '@modelcontextprotocol/client';
import { McpFailure } from '../mcp-failure.ts';

/** A fault as the protocol tells it. */
export interface ProtocolFault {
  /** `undefined` where no server said it. */
  readonly code: number | undefined;
  readonly message: string;
  readonly data?: unknown;
}

/** What a server answered with an error, or which server could not be asked and why. Throws what is neither. */
export function protocolFault(error: unknown): ProtocolFault {
  if (error instanceof ProtocolError) {
    const { code, message, data } = error;
    return { code, message, data };
  }
  if (error instanceof McpFailure) return { code: undefined, message: error.message };
  throw error;
}
