import { UserError } from '../../../kernel/user-error.ts';
import { nameOf } from '../failure-of.ts';
import type { Connection } from '../connection.ts';
import type { Launch, RemoteLaunch } from '../launch.ts';
import { McpFailure } from '../mcp-failure.ts';
import type { LoginState, Logins } from './logins.ts';
import type { LoginRecord } from './login-record.ts';
import type { LoginPlace } from './login-store.ts';
import { revokeTokens } from './revoke-tokens.ts';
import type { WaitingLogin } from './waiting-logins.ts';

/** Signing in at the servers of a place, by their names there. */
export interface ServerLogins<Place> {
  /** Makes the link that a user signs in with. Rejects with a UserError where there is nothing to sign in at. */
  readonly begin: (name: string, place: Place, signal: AbortSignal) => Promise<WaitingLogin>;
  /** The login that waits for its user. */
  readonly waiting: (name: string, place: Place) => Promise<WaitingLogin | undefined>;
  /** Gives a login back, and forgets it; `undefined` where there was none. */
  readonly end: (name: string, place: Place) => Promise<EndedLogin | undefined>;
  /** `undefined` for a server without logins. */
  readonly stateOf: (name: string, place: Place) => Promise<LoginState | undefined>;
}

/** A login that is forgotten here. */
export interface EndedLogin {
  /** Why its authorization server did not take it back; `undefined` where it did, or takes none. */
  readonly notTaken: string | undefined;
}

interface Use {
  readonly server: string;
  readonly what: string;
  readonly signal: AbortSignal;
  readonly work: (connection: Connection, signal: AbortSignal) => Promise<unknown>;
}

interface LoginParts<Place> {
  readonly logins: Logins;
  /** How a server is reached, if it may be used. */
  readonly launchAt: (name: string, place: Place) => Promise<Launch>;
  readonly use: (use: Use, place: Place) => Promise<unknown>;
}

/** Logins at servers that may be used. */
export function createServerLogins<Place>({ logins, launchAt, use }: LoginParts<Place>): ServerLogins<Place> {
  const remote = async (name: string, place: Place): Promise<RemoteLaunch> =>
    remoteOf(await launchAt(name, place));
  return {
    begin: async (name, place, signal) => {
      const at = await remote(name, place);
      try {
        // It says itself what it wants: which rights, and where to ask for them.
        await use({ ...{ server: name, signal }, what: 'the login', work: listTools }, place);
      } catch (error) {
        // What is wrong with it shows where it is asked for the login.
        if (!(error instanceof McpFailure)) throw error;
      }
      const waiting = await logins.waiting.begin(at);
      // Given up while the link was made, it would wait for a user who does not come.
      if (signal.aborted) {
        waiting.cancel();
        await waiting.done;
      }
      return waiting;
    },
    waiting: async (name, place) => logins.waiting.at(await remote(name, place)),
    end: async (name, place) => {
      return await endLogin(await remote(name, place), (at) => logins.forget(at));
    },
    stateOf: async (name, place) => {
      const launch = await launchAt(name, place);
      return launch.kind === 'stdio' || launch.oauth === undefined ? undefined : await logins.stateOf(launch);
    },
  };
}

/** Forgets a login, and gives it back; `undefined` where there was none. */
export async function endLogin(
  place: LoginPlace,
  forget: (place: LoginPlace) => Promise<LoginRecord>,
): Promise<EndedLogin | undefined> {
  const record = await forget(place);
  return record.tokens === undefined ? undefined : { notTaken: await revokeTokens(place, record) };
}

const listTools: Use['work'] = (connection, until) => connection.tools(until);

function remoteOf(launch: Launch): RemoteLaunch {
  if (launch.kind !== 'stdio') return launch;
  throw new UserError(`${nameOf(launch.name)} is a program on this machine: there is no login`);
}
