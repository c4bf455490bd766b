import { join } from 'node:path';
import { isJsonObject } from '../../kernel/json-object.ts';
import { UserError } from '../../kernel/user-error.ts';
import type { Installed } from './planned-file.ts';
import { readTextFile } from '../../platform/store/read-text-file.ts';
import {
  missingFolders,
  removeEmptyFolders,
  removeFile,
  writeTextFile,
} from '../../platform/store/write-files.ts';

/** What `init` wrote, so that `uninstall` takes exactly that out again. */
export interface InstallRecord {
  readonly files: readonly Installed[];
  /** Folders that were made for them. */
  readonly folders: readonly string[];
}

const emptyRecord: InstallRecord = { files: [], folders: [] };

function recordFile(home: string): string {
  return join(home, '.codexplus', 'install.json');
}

/** The record of this user; empty when nothing is installed. Throws a UserError for one that was damaged. */
export function readInstallRecord(home: string): InstallRecord {
  const file = recordFile(home);
  const text = readTextFile(file);
  if (text === undefined) return emptyRecord;
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value) && Array.isArray(value['files']) && Array.isArray(value['folders'])) {
      return value as unknown as InstallRecord;
    }
  } catch {
    // Told below: what is no JSON is as damaged as what has another shape.
  }
  throw new UserError(
    `${file} is damaged; put back a copy of it, or take the lines marked "codex-plus" out by hand`,
  );
}

/** Keeps the record; an empty one leaves neither a file nor a folder behind. */
export function writeInstallRecord(home: string, record: InstallRecord): void {
  const file = recordFile(home);
  if (record.files.length === 0) {
    removeFile(file);
    removeEmptyFolders(record.folders);
    return;
  }
  const folders = [...new Set([...record.folders, ...missingFolders(file)])];
  writeTextFile(file, `${JSON.stringify({ ...record, folders }, null, 2)}\n`);
}
