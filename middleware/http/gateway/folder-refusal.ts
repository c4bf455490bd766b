import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { Caller } from '../../kernel/exchange.ts';

/** The answer to an address that names a folder which cannot be a project; `undefined` where it may be one, or names none. */
export async function folderRefusal(
  folder: string | undefined,
  caller: Caller,
): Promise<Response | undefined> {
  const message = folder === undefined ? undefined : await faultOf(folder, caller);
  if (message === undefined) return undefined;
  return Response.json({ jsonrpc: '2.0', error: { code: -32_600, message }, id: null }, { status: 400 });
}

/** Which folders there are is told to callers of this machine alone. */
async function faultOf(folder: string, { kind }: Caller): Promise<string | undefined> {
  if (!isAbsolute(folder)) return '`project` has to be the whole path of a folder, like /home/me/shop';
  if (kind !== 'local') return undefined;
  const found = await stat(folder).catch(() => undefined);
  return found?.isDirectory() === true
    ? undefined
    : '`project` names no folder that is there: write the path of the project that you work in, or leave it out';
}
