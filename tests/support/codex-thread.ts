import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { codexProgram } from './codex-program.ts';

type Json = Readonly<Record<string, unknown>>;

/** What one turn of a conversation came to. */
export interface CodexTurnResult {
  readonly status: string;
  /** The texts of the assistant's messages. */
  readonly messages: readonly string[];
  /** The commands that were run. */
  readonly commands: readonly string[];
}

/** A conversation with the real Codex whose user is there, as in its own interface. */
export interface CodexThread {
  /** From here on with another model, if one is named. */
  readonly say: (text: string, model?: string) => Promise<CodexTurnResult>;
  /** Has the conversation replaced by a summary, as `/compact` does. */
  readonly compact: () => Promise<CodexTurnResult>;
  readonly end: () => Promise<void>;
}

interface ThreadOptions {
  readonly model?: string;
  /** What the provider is called; of one called `OpenAI`, Codex takes it that it compacts conversations itself. */
  readonly provider?: string;
}

/** Starts `codex app-server` and a thread in it that calls a base URL and asks nobody for approval. */
export async function startCodexThread(
  url: string,
  { home, workspace }: { readonly home: string; readonly workspace: string },
  { model = 'm', provider = 'cp' }: ThreadOptions = {},
): Promise<CodexThread> {
  const child = spawn(process.execPath, [codexProgram, 'app-server'], {
    cwd: workspace,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], HOME: workspace, NO_PROXY: '127.0.0.1', CODEX_HOME: home },
  });
  const results = new Map<number, (message: Json) => void>();
  let heard: (message: Json) => void = () => undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Json;
    if ('method' in message) heard(message);
    else results.get(Number(message['id']))?.(message);
  });
  let calls = 0;
  const send = (message: Json): void => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  const call = async (method: string, params: Json): Promise<Json> => {
    calls += 1;
    const id = calls;
    const answer = new Promise<Json>((resolve) => results.set(id, resolve));
    send({ id, method, params });
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result as Json;
  };
  await call('initialize', {
    clientInfo: { name: 'codex_plus_test', title: 'test', version: '1' },
    capabilities: { experimentalApi: true },
  });
  send({ method: 'initialized' });
  const { thread } = (await call('thread/start', {
    ...{ cwd: workspace, model, modelProvider: 'cp', ephemeral: true },
    ...{ approvalPolicy: 'never', sandbox: 'danger-full-access' },
    config: { 'model_providers.cp': { name: provider, base_url: `${url}/v1` } },
  })) as { thread: { id: string } };
  const turn = async (method: string, params: Json): Promise<CodexTurnResult> => {
    const items: Json[] = [];
    const completed = new Promise<Json>((resolve) => {
      heard = (message) => {
        const told = message['params'] as Json;
        if (message['method'] === 'item/completed') items.push(told['item'] as Json);
        if (message['method'] === 'turn/completed') resolve(told['turn'] as Json);
      };
    });
    await call(method, { threadId: thread.id, ...params });
    const { status } = await completed;
    const of = (type: string, member: string): string[] =>
      items.filter((item) => item['type'] === type).map((item) => String(item[member]));
    return {
      status: String(status),
      messages: of('agentMessage', 'text'),
      commands: of('commandExecution', 'command'),
    };
  };
  return {
    say: (text, other) => {
      const input = [{ type: 'text', text, text_elements: [] }];
      return turn('turn/start', { input, ...(other === undefined ? {} : { model: other }) });
    },
    compact: () => turn('thread/compact/start', {}),
    end: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
