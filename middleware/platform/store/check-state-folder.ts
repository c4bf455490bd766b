import { lstatSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import { stateFolderFault } from './state-folder-fault.ts';

/** Linux' /proc, where nothing can be made. */
const procType = 0x9fa0;

/** Throws as `makeStateFolder` does where there can be no such folder; makes nothing. */
export function checkStateFolder(stateDir: string): void {
  const fault = stateFolderFault(stateDir, codeAt(stateDir));
  if (fault !== undefined) throw fault;
}

function codeAt(path: string): string | undefined {
  try {
    if (!statSync(path).isDirectory()) return 'EEXIST';
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' ? codeOfMissing(path) : code;
  }
}

function codeOfMissing(path: string): string | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return 'EEXIST';
  const parent = dirname(path);
  const code = codeAt(parent);
  if (code !== undefined) return code === 'EEXIST' ? 'ENOTDIR' : code;
  const isThere = statSync(parent, { throwIfNoEntry: false }) !== undefined;
  return isThere && statfsSync(parent).type === procType ? 'ENOENT' : undefined;
}
