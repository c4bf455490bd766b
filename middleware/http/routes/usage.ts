import { Router } from 'express';
import {
  usageDimensions,
  type UsageDimension,
  type UsageLedger,
  type UsageQuery,
} from '../../features/usage/usage-ledger.ts';
import { CodexPlusError, wrongMember } from '../../kernel/errors.ts';

export const usagePaths = ['/usage', '/v1/usage'];

const methods = 'GET, HEAD, OPTIONS';

type Query = Readonly<Record<string, unknown>>;

/**
 * `GET /v1/usage`: what was used, `?start=2026-11-01&end=2026-11-30` in days of UTC, both included, told apart
 * `?by=day,model,key` (any of them). Without a ledger, which could not be opened then, it says so.
 */
export function createUsageRoute(ledger: Pick<UsageLedger, 'read'> | undefined): Router {
  const router = Router();
  router.get(usagePaths, (req, res) => {
    if (ledger === undefined)
      throw new CodexPlusError(
        'not_served',
        'what calls use cannot be kept here; the log says why, where codex-plus starts',
      );
    const query = readQuery(req.query);
    res.json({
      object: 'list',
      ...{ start: query.start ?? null, end: query.end ?? null, by: query.by },
      data: ledger.read(query),
      total: ledger.read({ ...query, by: [] })[0],
    });
  });
  router.all(usagePaths, ({ method }, _res, next) => {
    if (method === 'OPTIONS') {
      next();
      return;
    }
    throw new CodexPlusError('method_not_allowed', `/v1/usage takes ${methods}, not ${method}`, {
      headers: ['allow', methods],
    });
  });
  return router;
}

/** Throws a CodexPlusError that names the member which cannot be read. */
function readQuery(query: Query): UsageQuery {
  const { by = 'day,model,key' } = query;
  const named = typeof by === 'string' ? by.split(',').filter((name) => name !== '') : [by];
  const unknown = named.find((name) => !isDimension(name));
  if (unknown !== undefined)
    throw wrongMember('by', `\`by\` has to be some of ${usageDimensions.join(', ')}`);
  const [start, end] = [dayOf(query, 'start'), dayOf(query, 'end')];
  if (start !== undefined && end !== undefined && start > end)
    throw wrongMember(
      'start',
      `\`start\` (${start}) is behind \`end\` (${end}), so that no day is asked about`,
    );
  return {
    start,
    end,
    by: usageDimensions.filter((name) => named.includes(name)),
  };
}

function isDimension(name: unknown): name is UsageDimension {
  return usageDimensions.some((known) => known === name);
}

/** A day, or the day of a point in time as ISO 8601 has it. */
function dayOf(query: Query, name: 'start' | 'end'): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? new Date(value) : undefined;
  if (time === undefined || Number.isNaN(time.getTime()))
    throw wrongMember(name, `\`${name}\` has to be a day such as 2026-11-30`);
  return time.toISOString().slice(0, 10);
}
