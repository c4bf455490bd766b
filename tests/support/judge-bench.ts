import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from './compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream, type Seen } from './fake-upstream/fake-upstream.ts';
import { says, type Step } from './fake-upstream/step.ts';
import { callRaw, type RawAnswer, type RawRequest } from './raw-client.ts';
import { makeTestFolder } from './start-middleware.ts';

type Json = Readonly<Record<string, unknown>>;

/** The APIs that hooks run for. */
export const judgedApis = ['responses', 'chat', 'messages'] as const;
export type JudgedApi = (typeof judgedApis)[number];

const hi = [{ role: 'user', content: 'hi' }];
const requests: Readonly<Record<JudgedApi, readonly [path: string, body: Json]>> = {
  responses: ['/v1/responses', { input: hi }],
  chat: ['/v1/chat/completions', { messages: hi }],
  messages: ['/v1/messages', { max_tokens: 9, messages: hi }],
};

type Answers = (seen: Seen, index: number) => Step;

/** The whole middleware before a scripted model, which answers its client and, apart from that, what hooks ask it. */
export class JudgeBench {
  #upstream: FakeUpstream | undefined;
  #middleware: ComposedMiddleware | undefined;
  #folder = '';
  #judge: Answers = () => says('{"ok": true}');
  #model: Answers = () => says('hello');

  get upstream(): FakeUpstream {
    if (this.#upstream === undefined) throw new Error('the tests have not begun');
    return this.#upstream;
  }

  get middleware(): ComposedMiddleware {
    if (this.#middleware === undefined) throw new Error('the test has not begun');
    return this.#middleware;
  }

  get workspace(): string {
    return join(this.#folder, 'project');
  }

  async open(): Promise<void> {
    this.#upstream = await startFakeUpstream((seen) =>
      isQuestion(seen)
        ? this.#judge(seen, this.asked().length - 1)
        : this.#model(seen, this.answered().length - 1),
    );
  }

  async begin(): Promise<void> {
    this.upstream.forget();
    this.judge('{"ok": true}');
    this.model(() => says('hello'));
    this.#folder = await makeTestFolder('judges');
    await mkdir(this.workspace);
    await this.start();
  }

  /** Starts the middleware, again where it runs: with other variables. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#middleware?.close();
    this.#middleware = await composeMiddleware(
      this.upstream.url,
      {
        PATH: process.env['PATH'] ?? '',
        CODEX_PLUS_STATE_DIR: join(this.#folder, 'state'),
        CODEX_PLUS_CHATGPT_BASE_URL: `${this.upstream.url}/backend-api/codex`,
        ...env,
      },
      join(this.#folder, 'home'),
    );
  }

  async end(): Promise<void> {
    await this.#middleware?.close();
    this.#middleware = undefined;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    expect(this.upstream.violations).toEqual([]);
  }

  async close(): Promise<void> {
    await this.#upstream?.close();
  }

  /** What the model answers to the questions of hooks, in order, the last for ever: texts, or steps. */
  judge(...steps: readonly (string | Step)[]): void {
    this.#judge = (_seen, index) => {
      const step = steps[Math.min(index, steps.length - 1)] ?? '';
      return typeof step === 'string' ? says(step) : step;
    };
  }

  /** What it answers to each question. */
  judgeEach(answers: (question: Seen) => string): void {
    this.#judge = (seen) => says(answers(seen));
  }

  /** What the model answers to its client. */
  model(answers: Answers): void {
    this.#model = answers;
  }

  /** The questions that hooks asked. */
  asked(): readonly Seen[] {
    return this.upstream.requests.filter(isQuestion);
  }

  /** The requests of the client, and those that its answers went on with. */
  answered(): readonly Seen[] {
    return this.upstream.requests.filter((seen) => !isQuestion(seen));
  }

  /** Writes a file below the test's folder: `home/…` or `project/…`. */
  async file(path: string, content: string): Promise<void> {
    const whole = join(this.#folder, path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, content);
  }

  /** Writes one hook of an event into the user's own settings, unless said otherwise. */
  hook(event: string, hook: object, more: object = {}, path = 'home/.claude/settings.json'): Promise<void> {
    const hooks = { [event]: [{ hooks: [hook] }] };
    return this.file(path, JSON.stringify({ ...more, hooks }));
  }

  /** A request of a client that works in the project, streamed. */
  request(api: JudgedApi, headers: readonly string[] = [], more: Json = {}): RawRequest {
    const [path, body] = requests[api];
    return {
      path,
      headers: ['x-codex-plus-workspace', this.workspace, ...headers],
      body: JSON.stringify({ model: 'm', stream: true, ...body, ...more }),
    };
  }

  ask(api: JudgedApi, headers?: readonly string[], more?: Json): Promise<RawAnswer> {
    return callRaw(this.middleware.port, this.request(api, headers, more));
  }

  /** What the log says of hooks that failed. */
  problems(): readonly string[] {
    return this.middleware.lines.flatMap(({ problem }) => (typeof problem === 'string' ? [problem] : []));
  }
}

/** A bench for the tests of one file. */
export function useJudgeBench(): JudgeBench {
  const bench = new JudgeBench();
  beforeAll(() => bench.open());
  beforeEach(() => bench.begin());
  afterEach(() => bench.end());
  afterAll(() => bench.close());
  return bench;
}

/** The text of a streamed answer, whatever the API. */
export function textOf({ body }: RawAnswer): string {
  const events = [...body.toString().matchAll(/^data: (\{.*\})$/gm)].map(
    ([, json = '']) => JSON.parse(json) as Json,
  );
  return events.map(deltaIn).join('');
}

function deltaIn({ type, delta, choices }: Json): string {
  if (typeof delta === 'string') return type === 'response.output_text.delta' ? delta : '';
  const [choice] = (choices ?? []) as readonly { readonly delta?: Json }[];
  const { text, content } = { ...(delta as Json | undefined), ...choice?.delta };
  return [text, content].filter((piece) => typeof piece === 'string').join('');
}

function isQuestion({ raw }: Seen): boolean {
  return raw.includes('for a hook of a coding assistant');
}
