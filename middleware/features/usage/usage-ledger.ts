import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { ExchangeRecord } from '../../kernel/exchange-record.ts';
import type { Log } from '../../kernel/log.ts';
import type { Observer, Outcome } from '../../kernel/outcome.ts';
import { makeFolder } from '../../platform/store/make-folder.ts';

/** What the calls of one day, model and key used together. Tokens are those that providers reported, never an estimate. */
export interface UsageRow {
  /** `2026-11-30`, in UTC. */
  readonly day: string;
  readonly model: string;
  /** The name of the caller's key; `local` where no key is asked. */
  readonly key: string;
  readonly requests: number;
  readonly failed_requests: number;
  /** Of how many of the requests nobody told what they used: their tokens count as none. */
  readonly unmetered_requests: number;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_tokens: number;
  /** Of how many of the requests somebody told the cost. */
  readonly priced_requests: number;
  /** What those cost; missing where it was told of none. */
  readonly cost_usd?: number;
}

export interface UsageQuery {
  /** The first and the last day, both included; `undefined`: since ever, until today. */
  readonly start: string | undefined;
  readonly end: string | undefined;
  /** What the rows are told apart by. */
  readonly by: readonly UsageDimension[];
}

export const usageDimensions = ['day', 'model', 'key'] as const;
export type UsageDimension = (typeof usageDimensions)[number];

const counts = [
  ...(['requests', 'failed_requests', 'unmetered_requests', 'input_tokens'] as const),
  ...(['cached_input_tokens', 'output_tokens', 'reasoning_tokens', 'priced_requests', 'cost_usd'] as const),
];

/** A later version may have counts of its own: none is asked of those who do not know it. */
const columnOf = (count: (typeof counts)[number]): string =>
  `${count} ${count === 'cost_usd' ? 'REAL' : 'INTEGER'} NOT NULL DEFAULT 0`;

const schema = `
  CREATE TABLE IF NOT EXISTS usage (
    day TEXT NOT NULL, model TEXT NOT NULL, key TEXT NOT NULL,
    ${counts.map(columnOf).join(', ')},
    PRIMARY KEY (day, model, key)
  ) WITHOUT ROWID, STRICT;
`;

const add = `
  INSERT INTO usage (day, model, key, ${counts.join(', ')}) VALUES (?, ?, ?, ${counts.map(() => '?').join(', ')})
  ON CONFLICT (day, model, key) DO UPDATE SET ${counts.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}
`;

/** How long a write waits for another process that holds the file; nothing else happens here until then. */
const busyMs = 200;
/** Calls that are kept while the file cannot be written. */
const maxWaiting = 10_000;
const noUsage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 };

/** Longer names are of nobody's model; the column would grow with what strangers send. */
const maxModelLength = 200;

/** In one transaction: two processes may open a file of an older release at once. */
function addMissingColumns(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const has = database.prepare('PRAGMA table_info(usage)').all();
    for (const name of counts)
      if (!has.some((column) => column['name'] === name))
        database.exec(`ALTER TABLE usage ADD COLUMN ${columnOf(name)}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * What was used, by day, model and key, in a file that outlives a process that is killed. What an exchange used is written
 * before the last bytes of its answer go out. Several processes may share the file: what cannot be written while another one
 * holds it is written with the next call, or at the end.
 */
class UsageLedger implements Observer {
  readonly name = 'usage-ledger';
  readonly #stateDir: string;
  readonly #log: Log;
  #database: DatabaseSync;
  #add: StatementSync;
  #waiting: SQLInputValue[][] = [];
  readonly #written = new WeakSet<ExchangeRecord>();

  /** Opens the file in the folder of our state, or makes it. Throws where that cannot be done. */
  constructor(stateDir: string, log: Log) {
    this.#stateDir = stateDir;
    this.#log = log;
    this.#database = openIn(stateDir);
    this.#add = this.#database.prepare(add);
  }

  readonly answered = (outcome: Outcome): void => {
    const { record } = outcome.exchange;
    if (wasLocal(outcome) || this.#written.has(record)) return;
    this.#written.add(record);
    if (!this.#database.isOpen) {
      this.#log.error('what a call used was never written: it ended when all was closed', {
        id: outcome.exchange.id,
      });
      return;
    }
    this.#waiting.push(rowOf(outcome));
    this.#remake();
    this.#write();
  };

  /** Of those whose client left before the end. */
  readonly finished = this.answered;

  /** In the order of their days, models and keys. */
  read({ start, end, by }: UsageQuery): readonly Partial<UsageRow>[] {
    this.#remake();
    this.#write();
    const dimensions = by.join(', ');
    const sums = counts.map((name) => `TOTAL(${name}) AS ${name}`).join(', ');
    return this.#database
      .prepare(
        `SELECT ${[...by, sums].join(', ')} FROM usage WHERE day >= ? AND day <= ?` +
          (by.length === 0 ? '' : ` GROUP BY ${dimensions} ORDER BY ${dimensions}`),
      )
      .all(start ?? '', end ?? '9999-12-31')
      .map(withKnownCost);
  }

  readonly close = (): Promise<void> => {
    this.#write();
    if (this.#waiting.length > 0)
      this.#log.error('what calls used was never written', { calls: this.#waiting.length });
    this.#database.close();
    return Promise.resolve();
  };

  /** Whoever tidies up may have taken the file away: what went into it from then on would be read by nobody. */
  #remake(): void {
    if (existsSync(fileIn(this.#stateDir))) return;
    try {
      const database = openIn(this.#stateDir);
      this.#database.close();
      this.#database = database;
      this.#add = database.prepare(add);
      this.#log.warn('the file of what calls used was taken away, and is counted from here on', {
        file: fileIn(this.#stateDir),
      });
    } catch (error) {
      this.#log.error('what calls used cannot be kept', { stateDir: this.#stateDir, error });
    }
  }

  /** All or nothing: what is not written waits for the next time. */
  #write(): void {
    if (this.#waiting.length === 0) return;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const row of this.#waiting) this.#add.run(...row);
      this.#database.exec('COMMIT');
      this.#waiting = [];
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      const lost = Math.max(0, this.#waiting.length - maxWaiting);
      this.#waiting.splice(0, lost);
      const calls = { waiting: this.#waiting.length, lost };
      this.#log.error('what calls used could not be written, and is tried again with the next', {
        ...calls,
        error,
      });
    }
  }
}

function fileIn(stateDir: string): string {
  return join(stateDir, 'usage.sqlite');
}

function openIn(stateDir: string): DatabaseSync {
  // Node tells that it is experimental where it is loaded: only where it is used.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  makeFolder(stateDir);
  const database = new DatabaseSync(fileIn(stateDir), { timeout: busyMs });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  database.exec(schema);
  addMissingColumns(database);
  return database;
}

/**
 * Answered or refused here. What became a 502 or 504 was asked of an upstream, which gave no answer, and what used or cost something
 * was answered by one, whatever its client was told.
 */
function wasLocal({ ending, status, usage, costUsd }: Outcome): boolean {
  const wasPaid = usage !== undefined || costUsd !== undefined;
  return ending === 'local' && !wasPaid && status !== 502 && status !== 504;
}

/** A cost that nobody told is none, and not a cost of 0. Rows of a version that did not count those that were told have one. */
function withKnownCost({ cost_usd, ...row }: Record<string, SQLOutputValue>): Partial<UsageRow> {
  const isTold = row['priced_requests'] !== 0 || cost_usd !== 0;
  return isTold ? { ...row, cost_usd: Number(cost_usd) } : row;
}

function rowOf({ exchange, caller, ending, status, usage, costUsd }: Outcome): SQLInputValue[] {
  // A client that left had its call broken off, and was refused nothing.
  const isRefused = status >= 400 && ending !== 'client-left';
  const hasFailed = isRefused || ending === 'upstream-broke' || ending === 'upstream-failed';
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = usage ?? noUsage;
  return [
    new Date().toISOString().slice(0, 10),
    (exchange.request.head.model ?? 'none').slice(0, maxModelLength),
    caller.kind === 'key' ? (caller.name ?? 'key') : 'local',
    ...[1, Number(hasFailed), Number(usage === undefined)],
    ...[inputTokens, cachedInputTokens, outputTokens, reasoningTokens],
    ...[Number(costUsd !== undefined), costUsd ?? 0],
  ];
}

export type { UsageLedger };

/** The ledger, or `undefined` where it cannot be kept, which the log tells: calls are answered all the same. */
export function openUsageLedger(stateDir: string, log: Log): UsageLedger | undefined {
  try {
    return new UsageLedger(stateDir, log);
  } catch (error) {
    log.error('what calls use is not kept', { stateDir, error });
    return undefined;
  }
}
