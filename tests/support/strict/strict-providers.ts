import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject, parseJson, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import type { Item } from '../fake-upstream/step.ts';
import type { StrictApi } from './strict-api.ts';
import { strictChat } from './strict-chat.ts';
import { strictClaude } from './strict-claude.ts';
import { strictGemini } from './strict-gemini.ts';
import { strictOpenai } from './strict-openai.ts';
import { strictXai } from './strict-xai.ts';

export interface StrictCall {
  readonly provider: string;
  readonly model: string;
  readonly body: JsonObject;
  readonly raw: string;
}

/** Providers on one socket that check their requests as the real ones do, and answer what a test wrote down. */
export interface StrictProviders {
  readonly url: string;
  readonly calls: readonly StrictCall[];
  /** What was refused, and what was lost of what models thought. */
  readonly faults: readonly string[];
  /** The next answers, one for each call, whichever provider is called; then all of them say `ok`. */
  readonly willAnswer: (...answers: readonly (readonly Item[])[]) => void;
  /** Lets go what it heard so far. */
  readonly forget: () => void;
  readonly close: () => Promise<void>;
}

/** `name`: tells what these sign and call from what others do. */
export async function startStrictProviders(name = ''): Promise<StrictProviders> {
  const apis: readonly (readonly [string, RegExp, StrictApi])[] = [
    ['claude', /\/messages$/, strictClaude(name)],
    ['gemini', /enerateContent$/, strictGemini()],
    ['deepseek', /\/deepseek\/chat\/completions$/, strictChat({ reasons: true })],
    ['chat', /\/chat\/completions$/, strictChat({ reasons: false })],
    ['grok', /\/xai\/v1\/responses$/, strictXai()],
    ['openai', /\/responses$/, strictOpenai()],
  ];
  const calls: StrictCall[] = [];
  const faults: string[] = [];
  const answers: (readonly Item[])[] = [];
  let turn = 0;
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const path = (req.url ?? '').split('?')[0] ?? '';
    const raw = Buffer.concat((await req.toArray()) as Buffer[]).toString();
    const found = apis.find(([, pattern]) => pattern.test(path));
    const body = parseJson(raw);
    if (found === undefined || !isJsonObject(body)) {
      res.writeHead(404).end();
      return;
    }
    const [provider, , api] = found;
    const model = /\/models\/([^:]+):/.exec(path)?.[1] ?? String(body['model']);
    calls.push({ provider, model, body, raw });
    const refused = api.faultsOf(body, model);
    faults.push(...[...refused, ...api.lossesOf(body)].map((fault) => `${provider}: ${fault}`));
    const [fault] = refused;
    if (fault !== undefined) {
      res.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(api.refusal(fault)));
      return;
    }
    turn += 1;
    const items = numbered(answers.shift() ?? [{ kind: 'text', text: 'ok' }], `call${name}_${turn}`);
    if (body['stream'] === true || path.endsWith(':streamGenerateContent'))
      res.writeHead(200, { 'content-type': 'text/event-stream' }).end(api.stream(model, items, turn));
    else
      res
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(api.json(model, items, turn)));
  };
  const server = createServer((req, res) => void answer(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    faults,
    willAnswer: (...next) => {
      answers.push(...next);
    },
    forget: () => {
      calls.length = 0;
      faults.length = 0;
      answers.length = 0;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** No two calls of a model have one id. */
function numbered(items: readonly Item[], id: string): readonly Item[] {
  return items.map((item, index) =>
    item.kind === 'call' || item.kind === 'custom' ? { ...item, callId: `${id}_${index}` } : item,
  );
}
