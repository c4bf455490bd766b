import { randomUUID } from 'node:crypto';

/** An id as OpenAI's begin: `msg_…`, `rs_…`, `fc_…`, `ctc_…`, `resp_…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`;
}
