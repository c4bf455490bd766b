import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, objectIn, parseJson, type JsonObject } from '../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../middleware/protocol/apis/common/read-event.ts';
import { rootDir } from './compose-middleware.ts';

interface RecordedCodexOptions {
  /** Of the API, with `/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly stream?: boolean;
  /** Which of Codex's two forms of a request it was recorded in. */
  readonly form?: 'classic' | 'lite';
  /** More members of each request, or others. */
  readonly more?: JsonObject;
}

/** What came of one request. */
interface CodexAnswer {
  readonly output: readonly JsonObject[];
  readonly usage: JsonObject;
}

/** A session of Codex that goes on from a request which was recorded: as Codex, it sends all of it each time. */
export class RecordedCodex {
  readonly #options: RecordedCodexOptions;
  readonly #body: JsonObject;
  readonly #headers: Readonly<Record<string, string>>;
  #input: readonly JsonObject[];
  #model: string;

  constructor(options: RecordedCodexOptions) {
    const { form = 'classic', more = {}, stream = true, model } = options;
    const file = join(rootDir, 'tests', 'fixtures', 'codex-requests', `${form}.json`);
    const { headers, body } = objectIn(parseJson(readFileSync(file, 'utf8')));
    this.#options = options;
    this.#body = { ...objectIn(body), stream, ...more };
    this.#headers = headersOf(headers);
    this.#input = objectsIn(this.#body['input']);
    this.#model = model;
  }

  /** Goes on with another model. */
  change(model: string): void {
    this.#model = model;
  }

  /** One message of the user, and all requests until the model calls nothing more; `outputOf` is what a call comes to. */
  async turn(text: string, outputOf: (call: JsonObject) => string): Promise<readonly CodexAnswer[]> {
    const answers: CodexAnswer[] = [];
    let news: readonly JsonObject[] = [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
    ];
    while (news.length > 0) {
      this.#input = [...this.#input, ...news];
      const answer = await this.#send();
      answers.push(answer);
      // Codex keeps no other id than that of the call.
      this.#input = [...this.#input, ...answer.output.map(({ id: _id, status: _status, ...item }) => item)];
      news = answer.output.flatMap((item) => resultOf(item, outputOf));
    }
    return answers;
  }

  async #send(): Promise<CodexAnswer> {
    const response = await fetch(`${this.#options.baseUrl}/responses`, {
      method: 'POST',
      headers: this.#headers,
      body: JSON.stringify({ ...this.#body, model: this.#model, input: this.#input }),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
    const answer = this.#body['stream'] === true ? completedIn(text) : objectIn(parseJson(text));
    return { output: objectsIn(answer['output']), usage: objectIn(answer['usage']) };
  }
}

/** Without those of the connection that it was recorded from. */
function headersOf(recorded: unknown): Readonly<Record<string, string>> {
  const left = new Set([
    ...['host', 'content-length', 'connection', 'accept-encoding', 'content-encoding', 'authorization'],
  ]);
  const pairs = recorded as readonly (readonly [string, string])[];
  return Object.fromEntries(pairs.filter(([name]) => !left.has(name.toLowerCase())));
}

function completedIn(stream: string): JsonObject {
  const events = stream.split('\n').flatMap((line) => {
    const event = line.startsWith('data: ') ? parseJson(line.slice('data: '.length)) : undefined;
    return isJsonObject(event) ? [event] : [];
  });
  const last = events.at(-1);
  if (last?.['type'] !== 'response.completed')
    throw new Error(`the answer ended so: ${JSON.stringify(last)}`);
  // Codex takes the items from the events that end them.
  const output = events.flatMap(({ type, item }) =>
    type === 'response.output_item.done' && isJsonObject(item) ? [item] : [],
  );
  return { ...objectIn(last['response']), output };
}

function resultOf(item: JsonObject, outputOf: (call: JsonObject) => string): readonly JsonObject[] {
  const type = String(item['type']);
  if (type !== 'function_call' && type !== 'custom_tool_call') return [];
  return [{ type: `${type}_output`, call_id: item['call_id'], output: outputOf(item) }];
}
