import type { Api } from '../kernel/exchange.ts';
import { codecOf } from './apis/codec-of.ts';

const usual = ['x-request-id'];

/** The headers by which clients tell a request. */
export function requestIdHeaders(api: Api | undefined, id: string): readonly string[] {
  const names = api === undefined ? usual : codecOf(api).local.requestIdNames;
  return names.flatMap((name) => [name, id]);
}
