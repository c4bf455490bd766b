import {
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  type JSONRPCErrorResponse,
  type RequestId,
  type Transport,
} from '@modelcontextprotocol/server';

export interface AnswerWatch {
  /** The code of the error that a request is answered with, where the SDK has another one for it. */
  readonly codeOf: (id: RequestId) => number | undefined;
  /** Hears of each request that has its answer. */
  readonly onAnswered: (id: RequestId) => void;
}

/** The SDK tells nobody that it has answered a request, and knows one code for what both protocols have codes for. */
export function watchAnswers(transport: Transport, { codeOf, onAnswered }: AnswerWatch): void {
  const send = transport.send.bind(transport);
  transport.send = async (message, options) => {
    const isError = isJSONRPCErrorResponse(message);
    const id = isError || isJSONRPCResultResponse(message) ? message.id : undefined;
    const code = isError && id !== undefined ? codeOf(id) : undefined;
    try {
      await send(isError && code !== undefined ? withCode(message, code) : message, options);
    } finally {
      if (id !== undefined) onAnswered(id);
    }
  };
}

function withCode(message: JSONRPCErrorResponse, code: number): JSONRPCErrorResponse {
  return { ...message, error: { ...message.error, code } };
}
