import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { CallAnswer, CallChecks } from '../../middleware/pipeline/call-checks.ts';
import { conversationIn, type Spoken } from './call-clients.ts';
import { startCheckedMiddleware, type CheckedMiddleware } from './checked-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from './fake-upstream/fake-upstream.ts';
import type { Item, Step } from './fake-upstream/step.ts';
import { callRaw, type RawAnswer, type RawRequest } from './raw-client.ts';

export type Json = Readonly<Record<string, unknown>>;
export type Verdict = Awaited<ReturnType<CallChecks['check']>>;
type Decision = Verdict | (() => Verdict | Promise<Verdict>);

export const allow: Verdict = { kind: 'allow' };

export function deny(reason: string, by?: string): Verdict {
  return { kind: 'deny', reason, ...(by !== undefined && { by }) };
}

export function text(words: string): Item {
  return { kind: 'text', text: words };
}

export function call(name: string, callId: string, args: Readonly<Record<string, unknown>> = {}): Item {
  return { kind: 'call', name, arguments: args, callId };
}

/** An upstream and a middleware that checks tool calls, for all tests of a file. */
export interface CheckedBench {
  readonly upstream: FakeUpstream;
  readonly middleware: CheckedMiddleware;
  /** Decides calls by their tools, named as Claude Code's; tools that are not named concern nobody. */
  readonly decide: (decisions: Readonly<Record<string, Decision>>) => void;
  /** Runs calls of these tools here: what comes of each, by what it is called with. `undefined`: there are none. */
  readonly run: (tools: Readonly<Record<string, (input: string) => CallAnswer>> | undefined) => void;
  /** What the model answers to the first request of the test, the second …, the last for ever. */
  readonly answers: (...steps: readonly (readonly Item[] | Step)[]) => void;
  /** Takes what the fake found wrong with the calls so far as right: it knows nothing of what a provider keeps. */
  readonly forgive: () => void;
  /** The conversation that the model got with its nth request. */
  readonly sent: (index: number) => readonly Spoken[];
}

export function useCheckedBench(): CheckedBench {
  let upstream: FakeUpstream | undefined;
  let middleware: CheckedMiddleware | undefined;
  let violations = 0;
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the bench has not started');
    return part;
  };
  beforeAll(async () => {
    upstream = await startFakeUpstream();
    middleware = await startCheckedMiddleware(upstream.url);
  });
  afterAll(async () => {
    await middleware?.close();
    await upstream?.close();
  });
  beforeEach(() => {
    started(upstream).forget();
    started(middleware).run(undefined);
    violations = started(upstream).violations.length;
  });
  afterEach(() => {
    expect(started(upstream).violations.slice(violations)).toEqual([]);
  });
  return {
    get upstream() {
      return started(upstream);
    },
    get middleware() {
      return started(middleware);
    },
    decide: (decisions) => {
      started(middleware).use(checksOf(decisions));
    },
    run: (tools) => {
      started(middleware).run(
        tools === undefined
          ? undefined
          : {
              isOurs: ({ name }) => name in tools,
              asDecided: (own) => own,
              run: ({ name, input }) =>
                Promise.resolve(tools[name]?.(input) ?? { output: '', isError: true }),
            },
      );
    },
    answers: (...steps) => {
      started(upstream).use((_seen, index) => {
        const step = steps[Math.min(index, steps.length - 1)] ?? [];
        return 'kind' in step ? step : { kind: 'answer', items: step, turn: index };
      });
    },
    forgive: () => {
      violations = started(upstream).violations.length;
    },
    sent: (index) => conversationIn(started(upstream).requests[index]?.json),
  };
}

function checksOf(decisions: Readonly<Record<string, Decision>>): Omit<CallChecks, 'resolvePath'> {
  const named = new Map(Object.entries(decisions));
  return {
    mayConcern: (tool) => named.has(tool),
    check: async ({ name, namespace }) => {
      const decision = named.get(namespace === undefined ? name : `${namespace}__${name}`) ?? named.get('*');
      if (decision === undefined) throw new Error(`${name} concerns nobody`);
      return typeof decision === 'function' ? decision() : decision;
    },
  };
}

const hi = [{ role: 'user', content: 'hi' }];

/** The smallest request of each API. */
const requests = {
  responses: ['/v1/responses', { model: 'm', stream: true, input: 'hi' }],
  chat: ['/v1/chat/completions', { model: 'm', stream: true, messages: hi }],
  messages: ['/v1/messages', { model: 'm', stream: true, max_tokens: 9, messages: hi }],
} as const;

export type CheckedApi = keyof typeof requests;

export const checkedApis = Object.keys(requests) as readonly CheckedApi[];

export function requestTo(api: CheckedApi, more: object = {}, headers: readonly string[] = []): RawRequest {
  const [path, body] = requests[api];
  return { path, headers, body: JSON.stringify({ ...body, ...more }) };
}

export function ask(
  { middleware }: CheckedBench,
  api: CheckedApi,
  more: object = {},
  headers: readonly string[] = [],
): Promise<RawAnswer> {
  return callRaw(middleware.port, requestTo(api, more, headers));
}

/** The events of a stream, parsed; `[DONE]` and comments left out. */
export function eventsOf({ body }: RawAnswer): readonly Json[] {
  return [...body.toString().matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => JSON.parse(json) as Json);
}

/** What a stream of the Responses API ends with. */
export function finalResponse(answer: RawAnswer): Json {
  return eventsOf(answer).at(-1)?.['response'] as Json;
}
