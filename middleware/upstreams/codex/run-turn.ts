import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, objectIn, type JsonObject } from '../../kernel/json-object.ts';
import type { TurnRequest } from '../../protocol/app-server/turn-request.ts';
import type { TurnReader } from '../../protocol/app-server/turn-reader.ts';
import type { AnswerEvent } from '../../protocol/translation/answer-event.ts';
import { AppServerEnded } from './app-server-peer.ts';
import { permissionProfile } from './worker-command.ts';
import type { Worker } from './worker.ts';

export interface TurnOptions {
  readonly model: string;
  /** Codex's name of the provider; empty: whatever its settings say. */
  readonly provider: string;
  /** A folder of its own, absolute; it is taken away with the turn. */
  readonly makeFolder: () => Promise<string>;
  /** Rejects never. */
  readonly removeFolder: (path: string) => Promise<void>;
  /** Whether its model has a machine at all: the sandbox of `permissionProfile`. */
  readonly runsCommands: boolean;
  readonly request: TurnRequest;
  readonly reader: TurnReader;
  /** Codex's name of its thread, before anything is asked of a model. */
  readonly onThread: (threadId: string) => void;
  /** Whatever Codex tells of the turn. */
  readonly onHeard: () => void;
  readonly onEvents: (events: readonly AnswerEvent[]) => void;
  readonly signal: AbortSignal;
}

/** What is answered to what Codex asks its user: nobody is there, and no command goes beyond its sandbox. */
const declined: Readonly<Record<string, JsonObject>> = {
  'item/commandExecution/requestApproval': { decision: 'decline' },
  'item/fileChange/requestApproval': { decision: 'decline' },
  'item/permissions/requestApproval': { permissions: {}, scope: 'turn' },
  'item/tool/requestUserInput': { answers: {} },
  'mcpServer/elicitation/request': { action: 'decline', content: null },
};

/** Codex's name of the machine that it runs on. */
const thisMachine = 'local';

/**
 * How long the end of a turn, and of its commands, is waited for before its folder is taken away: a process that hangs tells none.
 * With that end it is told what the turn used.
 */
const endedWithinMs = 2_000;

/**
 * Has one turn answered in a thread of its own, which ends with it and with all commands that it left running. Resolves when
 * the answer has ended, the signal was aborted or the worker ended, which is a failure among the events; rejects where there
 * is no answer at all: with an AppServerEnded where the worker ended before the turn was asked for, so that another may be
 * asked. Waits for nothing longer than the signal lets it: a worker may hang at any of its calls.
 */
export async function runTurn(worker: Worker, options: TurnOptions): Promise<void> {
  const { signal } = options;
  const folder = await options.makeFolder();
  const aborted = Promise.withResolvers<undefined>();
  const leave = (): void => {
    aborted.resolve(undefined);
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  const started = startThread(worker, folder, options);
  try {
    const thread = await Promise.race([started, aborted.promise]);
    if (thread === undefined) return;
    const threadId = idOf(thread);
    options.onThread(threadId);
    await Promise.race([giveItems(threadId, worker, options), aborted.promise]);
    if (signal.aborted) return;
    try {
      await answerIn({ threadId, folder }, aborted.promise, worker, options);
    } finally {
      worker.unlisten(threadId);
      // A thread that nobody subscribes to keeps its commands for another minute.
      if (options.runsCommands) await settled(worker.call('thread/backgroundTerminals/clean', { threadId }));
    }
  } finally {
    endThread(worker, started);
    signal.removeEventListener('abort', leave);
    await options.removeFolder(folder);
  }
}

/** What `thread/start` answers. */
function startThread(
  worker: Worker,
  cwd: string,
  { model, provider, request }: TurnOptions,
): Promise<JsonObject> {
  return worker.call('thread/start', {
    ...{ cwd, model, ephemeral: true, approvalPolicy: 'never', permissions: permissionProfile },
    ...(provider === '' ? {} : { modelProvider: provider }),
    // It has its machine from its turn on: Codex looks for skills there at each of its calls, each time in a sandbox of its own.
    ...{ experimentalRawEvents: true, environments: [] },
    ...request.thread,
  });
}

/** The id of a thread that has the permissions which it was given. */
function idOf({ thread, activePermissionProfile: profile }: JsonObject): string {
  const { id } = objectIn(thread);
  if (typeof id !== 'string') throw new Error('codex app-server started a thread without an id');
  // Settings of Codex that came after us may read ours otherwise.
  if (!isJsonObject(profile) || profile['id'] !== permissionProfile)
    throw new Error('codex app-server does not keep to the permissions that it was given');
  return id;
}

async function giveItems(
  threadId: string,
  worker: Worker,
  { request: { items } }: TurnOptions,
): Promise<undefined> {
  if (items.length > 0) await worker.call('thread/inject_items', { threadId, items });
}

/** Whatever became of its turn, and also where nobody waited until it was started: Codex keeps a thread that is subscribed. */
function endThread(worker: Worker, started: Promise<JsonObject>): void {
  const told = started.then(async ({ thread }) => {
    const { id } = objectIn(thread);
    if (typeof id === 'string') await worker.call('thread/unsubscribe', { threadId: id });
  });
  // That it could not be started is heard by whoever waits; what cannot be told any more is over with the worker.
  told.catch(() => undefined);
}

interface Thread {
  readonly threadId: string;
  /** Where its commands run. */
  readonly folder: string;
}

async function answerIn(
  thread: Thread,
  aborted: Promise<undefined>,
  worker: Worker,
  options: TurnOptions,
): Promise<void> {
  const { reader, onHeard, onEvents, signal } = options;
  const { threadId } = thread;
  const over = Promise.withResolvers<undefined>();
  const completed = Promise.withResolvers<undefined>();
  const turn = { runs: true, isFaulty: false };
  // What Codex says once we have ended the turn is about that end, and not the answer's. What fails here is this turn alone,
  // not its worker or this process.
  const take = (events: () => readonly AnswerEvent[]): void => {
    if (turn.isFaulty) return;
    try {
      const taken = signal.aborted ? [] : events();
      if (taken.length > 0) onEvents(taken);
      if (reader.isOver) over.resolve(undefined);
    } catch (error) {
      turn.isFaulty = true;
      over.reject(error);
    }
  };
  worker.listen(threadId, {
    notified: (method, params) => {
      if (method === 'turn/started') reader.noteTurn(params['turn']);
      if (!reader.concerns(params)) return;
      onHeard();
      if (signal.aborted) reader.readUsage(method, params);
      else take(() => reader.read(method, params));
      if (method !== 'turn/completed') return;
      turn.runs = false;
      completed.resolve(undefined);
    },
    asked: (method, params, answer) => {
      // It stays open: the client has the call, and the turn ends with it.
      if (method === 'item/tool/call') {
        take(() => {
          reader.noteToolCall(params);
          return [];
        });
        // Calls that were made at once come at once.
        setImmediate(take, () => reader.endWithCalls());
      } else answer(declined[method] ?? {});
    },
    ended: ({ message }) => {
      turn.runs = false;
      take(() => reader.fail(message));
    },
  });
  const started = startTurn(thread, worker, options);
  try {
    const failed = (error: unknown): Promise<undefined> => {
      // That it ended is told among the events.
      if (error instanceof AppServerEnded) return over.promise;
      throw error;
    };
    await Promise.race([started.then(() => over.promise, failed), over.promise, aborted]);
  } finally {
    if (turn.runs) await settled(interrupt(threadId, started, worker).then(() => completed.promise));
  }
}

/** What `turn/start` answers. */
async function startTurn(
  { threadId, folder }: Thread,
  worker: Worker,
  { runsCommands, request, reader }: TurnOptions,
): Promise<JsonObject> {
  const answer = await worker.call('turn/start', {
    ...{ threadId, input: [] },
    environments: runsCommands ? [{ environmentId: thisMachine, cwd: folder }] : [],
    ...request.turn,
  });
  reader.noteTurn(answer['turn']);
  return answer;
}

/**
 * Ends a turn that still runs; it may wait for a tool of the client. One that has ended by itself meanwhile cannot be ended, and
 * says so.
 */
async function interrupt(threadId: string, started: Promise<JsonObject>, worker: Worker): Promise<void> {
  const { turn } = await started;
  await worker.call('turn/interrupt', { threadId, turnId: objectIn(turn)['id'] });
}

async function settled(call: Promise<unknown>): Promise<void> {
  const either = call.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([either, sleep(endedWithinMs, undefined, { ref: false })]);
}
