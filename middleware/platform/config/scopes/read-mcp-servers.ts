import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { topLevelMembers } from '../../../protocol/json/json-members.ts';
import { fileFault, type FileFault } from './files/config-problem.ts';
import { FaultNotes } from './fault-notes.ts';
import type { Parsed } from './files/file-keeper.ts';
import { pathText, readJsonObject } from './files/read-json-object.ts';

/** Entries by the names of the servers, as they are written; what they mean is for whoever connects. */
export type WrittenServers = Readonly<Record<string, JsonObject>>;

/** The servers of an `.mcp.json`. An entry that is no object is left out, the rest counts. */
export function readMcpServers(bytes: Buffer): Parsed<WrittenServers> {
  const reading = readJsonObject(bytes);
  if (reading.kind === 'broken') return reading;
  const { value, faultAt } = reading;
  const servers = value['mcpServers'] ?? {};
  if (!isJsonObject(servers)) {
    return { kind: 'broken', fault: { ...faultAt(['mcpServers'], 'must be an object'), leftOut: 'file' } };
  }
  const notes = new FaultNotes(faultAt);
  const good = Object.entries(servers).filter((entry): entry is [string, JsonObject] => {
    const isGood = isJsonObject(entry[1]);
    if (!isGood) notes.add(['mcpServers', entry[0]], 'must be an object; it is left out');
    return isGood;
  });
  return { kind: 'good', value: Object.fromEntries(good), faults: notes.faults };
}

/** What Claude Code's `.claude.json` says of servers: the user's own, and those of single projects by their path. */
export interface ClaudeJsonServers {
  readonly user: WrittenServers;
  readonly projects: ReadonlyMap<string, WrittenServers>;
}

/**
 * The servers of a `.claude.json`. Claude Code keeps its whole state in that file and writes it all the time, megabytes
 * on some machines, so that all but the servers is read past and not parsed.
 */
export function readClaudeJson(bytes: Buffer): Parsed<ClaudeJsonServers> {
  if (bytes.length === 0) return { kind: 'good', value: { user: {}, projects: new Map() }, faults: [] };
  try {
    const user = serversOf(bytes, '');
    const projects = membersOf(objectIn(memberOf(bytes, 'projects')))
      .filter(([, project]) => objectIn(project) !== undefined)
      .map(([path, project]) => [path, serversOf(project, `${pathText(['projects', path])}.`)] as const);
    return {
      kind: 'good',
      value: {
        user: user.servers,
        projects: new Map(projects.map(([path, { servers }]) => [path, servers])),
      },
      faults: [user, ...projects.map(([, project]) => project)].flatMap(({ faults }) => faults),
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The message of JSON.parse may quote the file.
    return { kind: 'broken', fault: fileFault('is not JSON') };
  }
}

interface Servers {
  readonly servers: WrittenServers;
  readonly faults: readonly FileFault[];
}

function serversOf(json: Buffer, pathPrefix: string): Servers {
  const written = memberOf(json, 'mcpServers');
  if (written === undefined) return { servers: {}, faults: [] };
  const parsed = readMcpServers(Buffer.concat([Buffer.from('{"mcpServers":'), written, Buffer.from('}')]));
  const faults = parsed.kind === 'good' ? parsed.faults : [{ ...parsed.fault, leftOut: 'entry' as const }];
  return {
    servers: parsed.kind === 'good' ? parsed.value : {},
    // Their place is one in the piece that was cut out.
    faults: faults.map((fault) => ({
      ...fault,
      line: undefined,
      column: undefined,
      path: `${pathPrefix}${fault.path}`,
    })),
  };
}

function memberOf(json: Buffer, name: string): Buffer | undefined {
  return membersOf(json).findLast(([key]) => key === name)?.[1];
}

function membersOf(json: Buffer | undefined): readonly (readonly [name: string, value: Buffer])[] {
  if (json === undefined) return [];
  return topLevelMembers(json).map(({ key, valueStart, valueEnd }) => [
    key,
    json.subarray(valueStart, valueEnd),
  ]);
}

function objectIn(json: Buffer | undefined): Buffer | undefined {
  return json?.[0] === 0x7b ? json : undefined;
}
