import { randomUUID } from 'node:crypto';

/** An id as its API begins them: `msg_…`, `rs_…`, `fc_…`, `ctc_…`, `resp_…`; `separator` stands behind the prefix. */
export function newId(prefix: string, separator = '_'): string {
  return `${prefix}${separator}${randomUUID().replaceAll('-', '')}`;
}
