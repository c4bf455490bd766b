import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { objectIn, type JsonObject } from '../../middleware/kernel/json-object.ts';
import { permissionProfile, type WorkerCommand } from '../../middleware/upstreams/codex/worker-command.ts';

/** As little as a client of `codex app-server` can be: a thread and a turn a call, and what comes of it. */
export class AppServerClient {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly pid: number;
  readonly #answers = new Map<unknown, (message: JsonObject) => void>();
  readonly #threads = new Map<unknown, (method: unknown) => void>();
  readonly #folder: string;
  #calls = 0;

  private constructor({ file, args, cwd, env }: WorkerCommand, folder: string) {
    this.#folder = folder;
    // A group of its own, by which its memory is told.
    this.#child = spawn(file, args, { cwd, env, detached: true });
    this.pid = this.#child.pid ?? 0;
    this.#child.stderr.pipe(process.stderr);
    this.#child.once('exit', () => {
      for (const answered of this.#answers.values()) answered({ error: 'codex app-server ended' });
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const message = objectIn(JSON.parse(line));
      if (message['method'] === undefined) this.#answers.get(message['id'])?.(message);
      else this.#threads.get(objectIn(message['params'])['threadId'])?.(message['method']);
    });
  }

  /** @param folder - where its turns work: an empty one, or Codex has a project to look through that those of others have not. */
  static async start(command: WorkerCommand, folder: string): Promise<AppServerClient> {
    const client = new AppServerClient(command, folder);
    const clientInfo = { name: 'benchmark', version: '1' };
    await client.#call('initialize', { clientInfo, capabilities: { experimentalApi: true } });
    client.#child.stdin.write('{"method":"initialized"}\n');
    return client;
  }

  /** Resolves at the end of the answer, with the milliseconds until its first piece. */
  async firstDelta(text: string): Promise<number> {
    const startedAt = performance.now();
    const { thread } = await this.#call('thread/start', {
      ...{ cwd: this.#folder, model: 'gpt-5', ephemeral: true },
      ...{ approvalPolicy: 'never', permissions: permissionProfile },
      // As ours: with a machine, Codex looks for skills before the turn, in sandboxes, which would be the dearest part.
      environments: [],
    });
    const threadId = objectIn(thread)['id'];
    let firstMs: number | undefined;
    const over = Promise.withResolvers<undefined>();
    this.#threads.set(threadId, (method) => {
      if (method === 'item/agentMessage/delta') firstMs ??= performance.now() - startedAt;
      if (method === 'turn/completed') over.resolve(undefined);
    });
    await this.#call('turn/start', {
      ...{ threadId, input: [{ type: 'text', text }] },
      environments: [{ environmentId: 'local', cwd: this.#folder }],
    });
    await over.promise;
    this.#threads.delete(threadId);
    await this.#call('thread/unsubscribe', { threadId });
    if (firstMs === undefined) throw new Error('the turn of the bare client said nothing');
    return firstMs;
  }

  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.stdin.end();
    await gone;
  }

  #call(method: string, params: JsonObject): Promise<JsonObject> {
    const id = (this.#calls += 1);
    this.#child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ error, result }) => {
        this.#answers.delete(id);
        if (error === undefined) resolve(objectIn(result));
        else reject(new Error(`${method}: ${JSON.stringify(error)}`));
      });
    });
  }
}
