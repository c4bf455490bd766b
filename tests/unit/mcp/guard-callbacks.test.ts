import { expect, test } from '@jest/globals';
import { guardCallbacks } from '../../../middleware/features/mcp/transport/guard-callbacks.ts';
import { StdioTransport } from '../../../middleware/features/mcp/transport/stdio-transport.ts';

/** A process that writes these lines, of which the client throws each away; what was heard of it. */
async function heardOf(
  lines: string,
): Promise<{ readonly ending: string | undefined; readonly errors: readonly string[] }> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const transport = new StdioTransport(
    {
      ...{ kind: 'stdio', key: 'one', file: 'sh', cwd: '/', env: { PATH: process.env['PATH'] ?? '' } },
      args: ['-c', `echo '${lines}'; cat >&2`],
      ...{ startMs: 1_000, callMs: 1_000, roots: [] },
    } as unknown as ConstructorParameters<typeof StdioTransport>[0],
    { onNoise: () => undefined, onCut: () => undefined, now: () => 0, clean: (text) => text },
  );
  guardCallbacks(transport, {
    onThrown: () => {
      transport.giveUp('sent a message that cannot be read');
    },
  });
  const errors: string[] = [];
  transport.onmessage = () => {
    throw new RangeError('Maximum call stack size exceeded');
  };
  transport.onerror = ({ message }) => {
    errors.push(message);
    throw new Error('nor this');
  };
  transport.onclose = () => {
    resolve(undefined);
    throw new Error('nor the end');
  };
  await transport.start();
  await over;
  await transport.close();
  return { ending: transport.ending, errors };
}

test('a client that a message is too much for ends that server alone [MCP-5]', async () => {
  const { ending, errors } = await heardOf('{"jsonrpc":"2.0","method":"a"}');
  expect(ending).toBe('sent a message that cannot be read');
  expect(errors).toEqual(['a message could not be taken', 'its end could not be told']);
});

test('what a client sets may call what was there before [MCP-5]', () => {
  const heard: string[] = [];
  const transport = { start: never, send: never, close: never, onmessage: undefined as unknown };
  guardCallbacks(transport as never, { onThrown: () => heard.push('thrown') });
  transport.onmessage = (): void => {
    heard.push('first');
    throw new Error('no');
  };
  const before = transport.onmessage as () => void;
  transport.onmessage = (): void => {
    before();
    heard.push('second');
  };
  (transport.onmessage as () => void)();
  expect(heard).toEqual(['first', 'thrown', 'second']);
});

const never = (): Promise<never> => new Promise(() => undefined);
