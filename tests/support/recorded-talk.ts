import { expect } from '@jest/globals';
import { callRaw } from './raw-client.ts';
import type { WholeBench } from './whole-bench.ts';

type Json = Readonly<Record<string, unknown>>;

/** Who talks: the Responses API as Codex uses it, with names for conversation and items, and each API without any. */
export const talkers = ['codex', 'responses', 'chat', 'messages'] as const;
export type Talker = (typeof talkers)[number];

const paths = {
  codex: '/v1/responses',
  responses: '/v1/responses',
  chat: '/v1/chat/completions',
  messages: '/v1/messages',
} as const;

interface SayOptions {
  /** In the same message, before what is said. */
  readonly before?: string;
  /** Of the request. */
  readonly more?: Json;
}

/**
 * A client that keeps its conversation and sends all of it each time. What was said new, what the model got, byte
 * for byte, and what the client got are written down, without what is different in every run.
 */
export class RecordedTalk {
  readonly #bench: WholeBench;
  readonly #talker: Talker;
  readonly #lines: string[] = [];
  readonly #ids = new Map<string, string>();
  items: Json[] = [];
  /** The id of the newest answer, of the Responses API. */
  answerId = '';
  /** What Codex says of its turn. */
  metadata: Json = {};
  #said = 0;

  constructor(bench: WholeBench, talker: Talker) {
    this.#bench = bench;
    this.#talker = talker;
  }

  /** All of it, as it stands in a file. */
  get record(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  /** Whether its items have names, so that one that is sent again is known to be the same. */
  get namesItems(): boolean {
    return this.#talker === 'codex';
  }

  note(what: string): void {
    this.#lines.push('', `# ${what}`);
  }

  /** Puts a message of the user behind the conversation. */
  add(text: string, { before }: SayOptions = {}): void {
    this.#said += 1;
    const texts = before === undefined ? [text] : [before, text];
    this.#push(this.#message(texts));
  }

  /** Says something, and takes the answer into the conversation. */
  async say(text: string, options: SayOptions = {}): Promise<void> {
    this.add(text, options);
    await this.send(options.more);
  }

  /** Gives the output of a call. */
  async output(callId: string, text: string): Promise<void> {
    this.#push(outputItem(this.#talker, callId, text));
    await this.send();
  }

  /** Forgets the newest message of the user, and all behind it. */
  goBack(): void {
    this.items = this.items.slice(
      0,
      this.items.findLastIndex(({ role }) => role === 'user'),
    );
    this.#lines.push('goes back');
  }

  /** Sends the conversation as it was before the newest answer once more. */
  async again(): Promise<void> {
    this.items = this.items.slice(0, this.items.findLastIndex(isOfClient) + 1);
    this.#lines.push('sends it again');
    await this.send();
  }

  /** `more.previous_response_id`: goes on from there, with the newest item alone. */
  async send(more: Json = {}): Promise<void> {
    const { upstream, middleware } = this.#bench;
    const before = upstream.requests.length;
    const all = more['previous_response_id'] === undefined ? this.items : this.items.slice(-1);
    const answer = await callRaw(middleware.port, {
      path: paths[this.#talker],
      headers: this.#headers(),
      body: JSON.stringify({ ...bodyOf(this.#talker, all), ...more }),
    });
    for (const { raw } of upstream.requests.slice(before)) this.#write('model', raw.toString());
    if (answer.status !== 200) {
      this.#write(`client, ${answer.status}`, answer.body.toString());
      return;
    }
    const body = JSON.parse(answer.body.toString()) as Json;
    this.answerId = String(body['id']);
    const said = answeredItems(this.#talker, body);
    this.items.push(...said);
    for (const item of said) this.#write('client', JSON.stringify(item));
  }

  #headers(): readonly string[] {
    const { workspace } = this.#bench;
    if (this.#talker !== 'codex')
      return ['x-codex-plus-workspace', workspace, 'content-type', 'application/json'];
    const told = {
      ...{ session_id: 's1', request_kind: 'turn', thread_source: 'user', workspaces: { [workspace]: {} } },
      ...this.metadata,
    };
    return [
      ...['user-agent', 'codex_exec/0.169.0', 'x-codex-turn-metadata', JSON.stringify(told)],
      ...['content-type', 'application/json'],
    ];
  }

  #message(texts: readonly string[]): Json {
    const type = this.#talker === 'codex' || this.#talker === 'responses' ? 'input_text' : 'text';
    const content = texts.map((text) => ({ type, text }));
    if (this.#talker === 'codex') return { type: 'message', id: `m${this.#said}`, role: 'user', content };
    return { role: 'user', content: texts.length === 1 ? texts[0] : content };
  }

  #push(item: Json): void {
    this.items.push(item);
    this.#write('user', JSON.stringify(item));
  }

  #write(to: string, text: string): void {
    const named = text
      .replaceAll(this.#bench.folder, '/folder')
      // Git may have no time to answer, and the tests need not run in a repository.
      .replace(/(?:It is in no commit|There is no repository, or git did not answer), so its/g, 'Its')
      .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => {
        const name = this.#ids.get(id) ?? `id-${this.#ids.size + 1}`;
        this.#ids.set(id, name);
        return name;
      });
    this.#lines.push(`${to}: ${named}`);
  }
}

function isOfClient({ role, type }: Json): boolean {
  return role === 'user' || role === 'tool' || (typeof type === 'string' && type.endsWith('_output'));
}

function bodyOf(talker: Talker, items: readonly Json[]): Json {
  switch (talker) {
    case 'codex':
    case 'responses':
      return { model: 'gpt-5', input: items, stream: false };
    case 'chat':
      return { model: 'gpt-5', messages: items };
    case 'messages':
      return { model: 'gpt-5', max_tokens: 99, messages: items };
  }
}

function outputItem(talker: Talker, callId: string, text: string): Json {
  switch (talker) {
    case 'codex':
      return { type: 'function_call_output', id: `fco_${callId}`, call_id: callId, output: text };
    case 'responses':
      return { type: 'function_call_output', call_id: callId, output: text };
    case 'chat':
      return { role: 'tool', tool_call_id: callId, content: text };
    case 'messages':
      return { role: 'user', content: [{ type: 'tool_result', tool_use_id: callId, content: text }] };
  }
}

function answeredItems(talker: Talker, body: Json): readonly Json[] {
  if (talker === 'codex' || talker === 'responses') return body['output'] as readonly Json[];
  if (talker === 'messages') return [{ role: 'assistant', content: body['content'] }];
  const [choice] = body['choices'] as readonly { readonly message: Json }[];
  expect(choice).toBeDefined();
  return choice === undefined ? [] : [choice.message];
}
