import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';

interface Hearers {
  /** Hears that a message could not be taken, which may leave whoever waits for it without an answer. */
  readonly onThrown: () => void;
  /** Hears of each message before the client does, and may hear of it again. */
  readonly onMessage?: (message: JSONRPCMessage) => void;
  /** The same of each error. */
  readonly onError?: (error: Error) => void;
}

/**
 * Keeps what a transport tells its client from throwing into it, to where nobody would catch it and the whole process would end.
 */
export function guardCallbacks(transport: Transport, { onThrown, onMessage, onError }: Hearers): void {
  guard(
    transport,
    'onmessage',
    (error) => {
      transport.onerror?.(new Error('a message could not be taken', { cause: error }));
      onThrown();
    },
    onMessage,
  );
  guard(transport, 'onclose', (error) => {
    transport.onerror?.(new Error('its end could not be told', { cause: error }));
  });
  // Nobody is left who could hear of it.
  guard(transport, 'onerror', () => undefined, onError);
}

function guard(
  transport: Transport,
  name: 'onmessage' | 'onclose' | 'onerror',
  onThrown: (error: unknown) => void,
  hear: (...said: never[]) => void = () => undefined,
): void {
  let guarded: ((...said: never[]) => void) | undefined;
  // The client sets them when it is connected, and what it sets may call what was there before.
  Object.defineProperty(transport, name, {
    get: () => guarded,
    set: (callback: typeof guarded) => {
      guarded =
        callback &&
        ((...said) => {
          try {
            hear(...said);
            callback(...said);
          } catch (error) {
            onThrown(error);
          }
        });
    },
  });
}
