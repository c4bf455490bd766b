import { ProtocolError, type Tool } from '@modelcontextprotocol/client';
import { remembered } from '../../kernel/bounds/remembered.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { visibleText } from '../../kernel/visible-text.ts';
import type { Environment } from '../../platform/config/environment.ts';
import { withoutFraming } from '../../protocol/conversation/without-framing.ts';
import { isProjectServer } from '../trust/subject-of-server.ts';
import type { TrustStore } from '../trust/trust-store.ts';
import {
  allowedLaunch,
  decisionIn,
  ifAllowed,
  launchNamed,
  usableIn,
  type Decision,
  type McpPlace,
} from './access/server-access.ts';
import { ServerUsers } from './access/server-users.ts';
import type { Abilities } from './client/abilities.ts';
import type { Connection, ServerEvent } from './connection.ts';
import { launchWith, type Launch } from './launch.ts';
import type { Logins } from './login/logins.ts';
import { pinPlaceOf } from './definitions/pin-place.ts';
import { pinnedConnection, settledTools, usableTools } from './definitions/pinned-connection.ts';
import {
  noneHeld,
  type Acceptance,
  type Accepting,
  type HeldTools,
  type ToolPins,
} from './definitions/tool-pins.ts';
import { createServerLogins, type ServerLogins } from './login/server-logins.ts';
import { settledGuide, usableGuide, type ServerGuide } from './definitions/server-guide.ts';
import { endLeftLogin, type LeftLogin, type RemovedFrom, type RemovedServer } from './edit/left-login.ts';
import type { PooledServer } from './pool/pooled-server.ts';
import { callWithQuestions, type Asker } from './questions/call-with-questions.ts';
import { outcomeOfError, type CallOutcome } from './mcp-failure.ts';
import { inspect, type Inspection } from './inspection.ts';
import type { ServerPool } from './pool/server-pool.ts';
import { createServerStates, type ServerStates } from './server-states.ts';
import { outcomeOf, type ToolOutcome } from './tool-outcome.ts';

interface McpServersOptions {
  readonly pool: ServerPool;
  readonly trust: Pick<TrustStore, 'decisionOn'>;
  readonly logins: Logins;
  /** `undefined`: definitions of tools may change as they like. */
  readonly pins: ToolPins | undefined;
  /** The names of the servers that may ask the model of a conversation something; by default none. */
  readonly sampling?: readonly string[];
  /** What servers start from: our environment without our keys. */
  readonly env: Environment;
  /** Hears how each call ended. */
  readonly onCall?: (outcome: CallOutcome, server: string) => void;
}

export interface McpCall {
  readonly server: string;
  readonly tool: string;
  readonly input: JsonObject;
  readonly signal: AbortSignal;
  /** Who answers what the server asks meanwhile; where it is left out, each question is cancelled. */
  readonly asker?: Asker | undefined;
}

/** What is done with a server, and what that is called in messages: `tool "search"`. */
export interface ServerUse<T> {
  readonly server: string;
  readonly what: string;
  readonly signal: AbortSignal;
  /** What the server may ask of whoever uses it; by default nothing. */
  readonly abilities?: Abilities;
  /** Whether it only looks, so that it may be done twice. */
  readonly isLook?: true;
  readonly work: (connection: Connection, signal: AbortSignal, launch: Launch) => Promise<T>;
}

/** The MCP servers of all projects, by their names there. */
export interface McpServers extends ServerStates {
  /**
   * Does something with a server's connection, which is made where there is none. Rejects with an `McpFailure` where the
   * server is at fault, and with what the server answered where it says no.
   */
  readonly use: <T>(use: ServerUse<T>, place: McpPlace) => Promise<T>;
  /** The names of those that may be used without asking anybody. */
  readonly usable: (place: McpPlace) => Promise<readonly string[]>;
  /**
   * Hears what a server tells by itself over the connection for such clients, while there is one; returns how to stop. A
   * server that cannot be used, or may not be by then, tells nothing.
   */
  readonly listen: (
    name: string,
    by: McpPlace & { readonly abilities: Abilities },
    listener: (event: ServerEvent) => void,
  ) => () => void;
  /** Calls a tool. Rejects with an `McpFailure` where the server is at fault; what a tool says is wrong is an outcome. */
  readonly call: (call: McpCall, place: McpPlace) => Promise<ToolOutcome>;
  /** Starts or reaches a server, and asks it for all that it offers. Rejects with an `McpFailure` where that fails. */
  readonly inspect: (name: string, place: McpPlace, signal: AbortSignal) => Promise<Inspection>;
  readonly logins: ServerLogins<McpPlace>;
  /** Ends the login at a server whose entry was removed, unless another entry uses it. */
  readonly endLeftLogin: (removed: RemovedServer, where: RemovedFrom) => Promise<LeftLogin | undefined>;
  /**
   * The tools of a server, within so many milliseconds: none where it may not be used, `undefined` where it does not
   * tell them in time, or fails.
   */
  readonly tools: (
    name: string,
    place: McpPlace,
    wait: { readonly waitMs: number; readonly signal: AbortSignal },
  ) => Promise<readonly Tool[] | undefined>;
  /**
   * The same where it is known, and nothing has to be looked at or waited for; `undefined` where something has. Most requests
   * find all servers so.
   */
  readonly settledTools: (name: string, project: McpPlace['project']) => readonly Tool[] | undefined;
  /** How a server says that its tools are to be used, as it said when it told them; empty where it says nothing. */
  readonly instructions: (name: string, project: McpPlace['project']) => Promise<string>;
  /** The same where nothing has to be looked at; `undefined` where something has. */
  readonly settledInstructions: (name: string, project: McpPlace['project']) => string | undefined;
  /** The tools of a server that are held back, since their definitions were changed. */
  readonly heldTools: (name: string, project: McpPlace['project']) => Promise<HeldTools>;
  /** Has held tools of a server count as they were shown, or one of them. */
  readonly acceptTools: (
    name: string,
    project: McpPlace['project'],
    accepting: Accepting,
  ) => Promise<Acceptance>;
  /** Whether a server may be started; `undefined` where somebody has to be asked. Those that no project brings along may. */
  readonly decisionOn: (name: string, place: McpPlace) => Promise<Decision>;
  /**
   * To be called with what is configured for a folder whenever it was read: a server that nobody may use any more who used it ends
   * once its calls have.
   */
  readonly follow: (project: McpPlace['project']) => Promise<void>;
  /** What is configured for the folder of a project, as it was read last. */
  readonly current: (project: McpPlace['project']) => McpPlace['project'];
  /** Tells whoever goes on using a server when it may not be used any more as it is configured; returns how to stop. */
  readonly heed: (name: string, place: McpPlace, onOver: () => void) => () => void;
  readonly close: () => Promise<void>;
}

const maxErrorLength = 10_000;

export function createMcpServers(options: McpServersOptions): McpServers {
  const { pool, trust, logins, pins, onCall } = options;
  // The same for each turn in a project, as long as nothing of its configuration changes.
  const launchesIn = remembered(
    (project: McpPlace['project']) =>
      new Map([...project.mcpServers.keys()].map((name) => [name, launchNamed(name, project, options)])),
  );
  const launchIn = (name: string, project: McpPlace['project']): Launch | undefined =>
    launchesIn(project).get(name);
  const access = { trust, launchOf: launchIn };
  const users = createUsers(options, launchIn);
  const use = createUse(options, access, users);
  const call = createCall(use);
  const states = createServerStates(pool, launchIn);
  const says = createInstructions(options, launchIn);
  return {
    call: async (asked, place) => {
      try {
        const outcome = await withToldErrors(call(asked, place));
        onCall?.(outcome.isError ? 'tool_error' : 'ok', asked.server);
        return outcome;
      } catch (error) {
        onCall?.(outcomeOfError(error, asked.signal), asked.server);
        throw error;
      }
    },
    tools: async (name, place, { waitMs, signal }) => {
      if ((await decisionIn(name, place, trust)) !== 'allowed') return [];
      const launch = launchIn(name, place.project);
      if (launch === undefined) return [];
      users.used(launch, name, place);
      const told = await pool.server(launch).tools(waitMs, signal);
      return told && usableTools(told, pinPlaceOf(name, place.project), pins);
    },
    settledTools: (name, project) => {
      const server = project.mcpServers.get(name);
      const launch = server && !isProjectServer(server) ? launchIn(name, project) : undefined;
      const told = launch && pool.server(launch).settledTools;
      return told && settledTools(told, pinPlaceOf(name, project), pins);
    },
    inspect: (server, place, signal) =>
      use({ server, signal, isLook: true, what: 'the lists of what it offers', work: inspect }, place),
    use,
    usable: (place) => usableIn(place, trust, states.isOwn),
    listen: createListen(options, users.current),
    logins: createServerLogins({
      logins,
      use,
      launchAt: (name, place) => allowedLaunch(name, place, access),
    }),
    endLeftLogin: (removed, where) => endLeftLogin(removed, where, logins),
    ...{ ...says, ...createHolding(pins, says.instructions), ...states },
    decisionOn: (name, place) => decisionIn(name, place, trust),
    ...{ follow: users.follow, current: users.current, heed: users.heed },
    close: async () => {
      logins.waiting.close();
      await pool.close();
    },
  };
}

function createCall(use: McpServers['use']): McpServers['call'] {
  return ({ server, tool, input, signal, asker }, place) =>
    use(
      {
        ...{ server, signal },
        what: `tool "${tool}"`,
        work: async (connection, until, launch) => {
          const result =
            asker === undefined
              ? await connection.call(tool, input, until, launch.maxTokens)
              : await callWithQuestions(connection, { tool, input, asker, launch, signal: until });
          return outcomeOf(result, server, launch.maxTokens);
        },
      },
      place,
    );
}

/** What a server says of itself is held back as well, also where no model was told it yet. */
function createHolding(
  pins: ToolPins | undefined,
  instructions: McpServers['instructions'],
): Pick<McpServers, 'heldTools' | 'acceptTools'> {
  return {
    heldTools: async (name, project) => {
      await instructions(name, project);
      return (await pins?.held(pinPlaceOf(name, project))) ?? noneHeld;
    },
    acceptTools: async (name, project, accepting) => {
      await instructions(name, project);
      return (await pins?.accept(pinPlaceOf(name, project), accepting)) ?? { kind: 'held', held: noneHeld };
    },
  };
}

function createInstructions(
  { pool, pins }: McpServersOptions,
  launchIn: (name: string, project: McpPlace['project']) => Launch | undefined,
): Pick<McpServers, 'instructions' | 'settledInstructions'> {
  const guideIn = (name: string, project: McpPlace['project']): ServerGuide => {
    const launch = launchIn(name, project);
    return (launch && pool.guideOf(launch)) ?? [];
  };
  return {
    instructions: (name, project) => usableGuide(guideIn(name, project), pinPlaceOf(name, project), pins),
    settledInstructions: (name, project) =>
      settledGuide(guideIn(name, project), pinPlaceOf(name, project), pins),
  };
}

function createListen(options: McpServersOptions, current: McpServers['current']): McpServers['listen'] {
  const { pool, pins, trust } = options;
  return (name, { project, conversation, abilities }, listener) => {
    const launch = launchNamed(name, project, options);
    if (launch === undefined) return () => undefined;
    let isOver = false;
    // It may run for somebody else who allowed it, or for whom it was allowed until now.
    const tell = (event: ServerEvent): void => {
      const now = current(project);
      if (now !== project && launchNamed(name, now, options)?.key !== launch.key) return;
      const told = ifAllowed(name, { project: now, conversation }, trust, () => {
        if (!isOver) listener(event);
      });
      // What nobody can be found to have allowed is not told.
      told?.catch(() => undefined);
    };
    const stops = [
      pool.server(launchWith(launch, abilities)).listen(tell),
      pins?.listen(pinPlaceOf(name, project), () => {
        tell({ kind: 'changed', what: 'tools' });
      }),
    ];
    return () => {
      isOver = true;
      for (const stop of stops) stop?.();
    };
  };
}

interface Users {
  readonly used: (launch: Launch, name: string, place: McpPlace) => void;
  readonly follow: McpServers['follow'];
  readonly current: McpServers['current'];
  readonly heed: McpServers['heed'];
}

function createUsers(
  { pool, trust }: McpServersOptions,
  launchIn: (name: string, project: McpPlace['project']) => Launch | undefined,
): Users {
  const users = new ServerUsers({
    isWanted: async (name, place, key) =>
      launchIn(name, place.project)?.key === key && (await decisionIn(name, place, trust)) === 'allowed',
    onLeft: (key) => void pool.leave(key),
    now: pool.now,
  });
  return {
    used: (launch, name, place) => {
      users.used(launch.key, name, place);
      pool.want(launch);
    },
    follow: (project) => users.follow(project),
    current: (project) => users.current(project),
    heed: (name, place, onOver) => {
      const key = launchIn(name, place.project)?.key;
      return key === undefined ? () => undefined : users.heed(key, { name, place, onOver });
    },
  };
}

function createUse(
  options: McpServersOptions,
  access: Parameters<typeof allowedLaunch>[2],
  users: Pick<Users, 'used'>,
): McpServers['use'] {
  return async ({ server: name, what, signal, abilities = {}, isLook, work }, place) => {
    signal.throwIfAborted();
    const launch = await allowedLaunch(name, place, access);
    users.used(launch, name, place);
    const pooled = await withAbilities(launch, abilities, { pool: options.pool, signal });
    const pinPlace = pinPlaceOf(name, place.project);
    const known = (): readonly Tool[] | undefined => pooled.state.tools;
    return await pooled.use({
      ...{ what, signal, ...(isLook && { isLook }) },
      work: (connection, until) =>
        work(pinnedConnection(connection, { place: pinPlace, pins: options.pins, known }), until, launch),
    });
  };
}

/**
 * The server for a use in which it may ask something. One of the newer protocol is told with each request what it may ask;
 * an older one once for the whole connection, so that it is another one then.
 */
async function withAbilities(
  launch: Launch,
  abilities: Abilities,
  { pool, signal }: { readonly pool: ServerPool; readonly signal: AbortSignal },
): Promise<PooledServer> {
  const able = launchWith(launch, abilities);
  if (able.key === launch.key) return pool.server(launch);
  const era = await pool.eraOf(launch, signal);
  return pool.server(era === 'modern' ? launch : able);
}

/** What a server answers with an error of the protocol is told as an error of its tool. */
async function withToldErrors(call: Promise<ToolOutcome>): Promise<ToolOutcome> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const text = withoutFraming(visibleText(error.message.slice(0, maxErrorLength)));
    return { parts: [{ kind: 'text', text }], isError: true };
  }
}
