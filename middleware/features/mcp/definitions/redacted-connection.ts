import { ProtocolError } from '@modelcontextprotocol/client';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { Connection } from '../connection.ts';

/** A connection whose answers to calls, prompts and reads have their texts cleaned, errors as well, before anything is cut or kept. */
export function redactedConnection(connection: Connection, clean: (text: string) => string): Connection {
  const cleaned = async <Result>(answer: Promise<Result>): Promise<Result> => {
    try {
      return cleanedValue(await answer, clean) as Result;
    } catch (error) {
      throw cleanedError(error, clean);
    }
  };
  return {
    ...connection,
    call: (name, input, signal) => cleaned(connection.call(name, input, signal)),
    forward: (method, params, caller) => cleaned(connection.forward(method, params, caller)),
  };
}

/** The value itself where nothing in it changes. */
function cleanedValue(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) {
    const list = value.map((entry) => cleanedValue(entry, clean));
    return list.some((entry, index) => entry !== value[index]) ? list : value;
  }
  if (!isJsonObject(value)) return value;
  const encoded = encodedIn(value);
  const entries = Object.entries(value).map(
    ([name, entry]) => [name, name === encoded ? entry : cleanedValue(entry, clean)] as const,
  );
  return entries.some(([name, entry]) => entry !== value[name]) ? Object.fromEntries(entries) : value;
}

/** The member with base64, which is long and in which no text is found. */
function encodedIn({ type, uri, blob }: JsonObject): string | undefined {
  if (type === 'image' || type === 'audio') return 'data';
  return typeof uri === 'string' && typeof blob === 'string' ? 'blob' : undefined;
}

function cleanedError(error: unknown, clean: (text: string) => string): unknown {
  if (!(error instanceof ProtocolError)) return error;
  const { message, data, code } = error;
  const [cleanMessage, cleanData] = [clean(message), cleanedValue(data, clean)];
  return cleanMessage === message && cleanData === data
    ? error
    : new ProtocolError(code, cleanMessage, cleanData);
}
