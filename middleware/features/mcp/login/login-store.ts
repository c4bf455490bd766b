import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import type { Log } from '../../../kernel/log.ts';
import { exclusively } from '../../../platform/process/exclusive.ts';
import { makeFolder } from '../../../platform/store/make-folder.ts';
import { SharedFile } from '../../../platform/store/shared-file.ts';
import type { RemoteLaunch } from '../launch.ts';
import { formatLoginRecord, noLogin, parseLoginRecord, type LoginRecord } from './login-record.ts';

/** Which login a server takes: that of an address and a client, whatever the server is called. */
export type LoginPlace = Pick<RemoteLaunch, 'name' | 'url' | 'oauth'>;

const maxOpen = 1_000;
const lockPollMs = 20;

/** The logins of whoever runs this program, a file for each, for the owner's eyes only; shared by all our processes. */
export class LoginStore {
  readonly #dir: string;
  readonly #log: Log;
  readonly #files = new BoundedMap<string, SharedFile<LoginRecord>>(maxOpen);

  constructor(stateDir: string, log: Log) {
    this.#dir = join(stateDir, 'mcp-logins');
    this.#log = log;
  }

  read(place: LoginPlace): Promise<LoginRecord> {
    return this.#file(place).read();
  }

  change(place: LoginPlace, make: (record: LoginRecord) => LoginRecord): Promise<void> {
    return this.#file(place).change((record) => {
      const made = make(record);
      return { clientSecret: record.clientSecret, ...made, ...pinOf(place, record, made) };
    });
  }

  /** Keeps nothing of a login, nor of its client. */
  remove(place: LoginPlace): Promise<void> {
    return this.#file(place).change(() => noLogin);
  }

  /** How many logins are kept, and in which folder. */
  async count(): Promise<{ readonly folder: string; readonly logins: number }> {
    const names = await readdir(this.#dir).catch(() => []);
    const texts = await Promise.all(
      names
        .filter((name) => name.endsWith('.json'))
        .map((name) => readFile(join(this.#dir, name), 'utf8').catch(() => '')),
    );
    const logins = texts.filter((text) => parseLoginRecord(text)?.tokens !== undefined).length;
    return { folder: this.#dir, logins };
  }

  /** Does what no two processes may do at once with a login: a token that is renewed with may work once only. */
  async alone<T>(place: LoginPlace, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    makeFolder(this.#dir);
    const file = join(this.#dir, `${keyOf(place)}.renewal`);
    return await exclusively({ file, signal, pollMs: lockPollMs }, work);
  }

  #file(place: LoginPlace): SharedFile<LoginRecord> {
    const key = keyOf(place);
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    const file = new SharedFile<LoginRecord>({
      file: join(this.#dir, `${key}.json`),
      empty: noLogin,
      parse: parseLoginRecord,
      format: formatLoginRecord,
      log: this.#log,
    });
    this.#files.set(key, file);
    return file;
  }
}

/** Where the credentials of a client that was registered by hand go to, after a login has ended as well. */
function pinOf({ oauth }: LoginPlace, before: LoginRecord, after: LoginRecord): Partial<LoginRecord> {
  if (oauth?.clientId === undefined) return {};
  return { clientIssuer: before.clientIssuer ?? before.tokens?.issuer ?? after.tokens?.issuer };
}

/** The name of what is kept of a login. */
export function keyOf({ url, oauth }: LoginPlace): string {
  const { grant, clientId, clientMetadataUrl, issuer } = oauth ?? {};
  const identity = canonicalJson({ url, grant, clientId, clientMetadataUrl, issuer });
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}
