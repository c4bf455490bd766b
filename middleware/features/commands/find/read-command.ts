import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { codeOf } from '../../../kernel/errors.ts';
import { splitFrontMatter } from '../../../platform/config/front-matter.ts';
import { nodeFileAccess } from '../../../platform/config/scopes/files/file-access.ts';
import { isWithin } from '../../../platform/config/scopes/find-workspace.ts';
import type { Command, CommandFile } from '../command.ts';
import { readSettings } from './front-matter.ts';
import { scriptHeader } from './script-header.ts';

export type CommandReading =
  | {
      readonly kind: 'command';
      readonly command: Command;
      /** Changes when the file does; `undefined` while a change could go unnoticed. */
      readonly id: string | undefined;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Far above any prompt; a file above it is in the wrong folder. */
const maxBytes = 1024 * 1024;

/** Reads a command's file. */
export async function readCommand(file: CommandFile): Promise<CommandReading> {
  if (await leadsOut(file)) return { kind: 'unreadable', reason: 'is a link that leads out of the project' };
  const reading = await nodeFileAccess.read(file.source.file, maxBytes);
  if (reading.kind !== 'bytes') return reading;
  const text = reading.bytes.toString('utf8');
  const isScript = file.kind === 'javascript' || file.kind === 'python';
  const { data, body, fault } = splitFrontMatter(isScript ? scriptHeader(text) : text);
  if (fault !== undefined) return { kind: 'unreadable', reason: fault };
  const settings = readSettings(data);
  const command: Command = {
    ...file,
    ...settings,
    description: oneLine(settings.description ?? '') || describe(body),
    alias: aliasOf(file, settings),
    body: isScript ? '' : body,
    contentHash: createHash('sha256').update(reading.bytes).digest('hex'),
    script: isScript ? reading.bytes : undefined,
  };
  return { kind: 'command', command, id: reading.isSettled ? reading.id : undefined };
}

/** Only a skill gives itself another name. */
function aliasOf({ kind, name }: CommandFile, { alias }: Pick<Command, 'alias'>): string | undefined {
  return kind === 'skill' && alias !== name ? alias : undefined;
}

/** A link may have come since the folder was looked at. */
async function leadsOut({ source: { scope, file, baseDir } }: CommandFile): Promise<boolean> {
  if (scope !== 'project' && scope !== 'local') return false;
  try {
    return !isWithin(await realpath(baseDir), await realpath(file));
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return false;
  }
}

const maxDescription = 100;

function describe(body: string): string {
  const line = oneLine(body.split('\n').find((text) => text.trim() !== '') ?? '').replace(/^#+ */, '');
  if (line === '') return 'Custom command';
  return line.length > maxDescription ? `${line.slice(0, maxDescription - 3)}...` : line;
}

function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- a description is shown in terminals, which obey control characters.
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
