import type { Transport } from '@modelcontextprotocol/client';

/**
 * Keeps what a transport tells its client from throwing into it, to where nobody would catch it and the whole process would end.
 * `onThrown` hears that a message could not be taken, which may leave whoever waits for it without an answer.
 */
export function guardCallbacks(transport: Transport, onThrown: () => void): void {
  guard(transport, 'onmessage', (error) => {
    transport.onerror?.(new Error('a message could not be taken', { cause: error }));
    onThrown();
  });
  guard(transport, 'onclose', (error) => {
    transport.onerror?.(new Error('its end could not be told', { cause: error }));
  });
  // Nobody is left who could hear of it.
  guard(transport, 'onerror', () => undefined);
}

function guard(
  transport: Transport,
  name: 'onmessage' | 'onclose' | 'onerror',
  onThrown: (error: unknown) => void,
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
            callback(...said);
          } catch (error) {
            onThrown(error);
          }
        });
    },
  });
}
