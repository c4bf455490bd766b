import { createHash } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { TrustSubject } from './trust-record.ts';

/**
 * The file of a Markdown command or a skill, by the hash of its content: all of it decides what its shell lines and
 * hooks are.
 */
export function commandSubject(project: string, hash: string): TrustSubject {
  return { kind: 'command', project, hash };
}

/** The file of a JavaScript or Python command, by the hash of its content. What it loads in turn is not followed. */
export function scriptSubject(project: string, hash: string): TrustSubject {
  return { kind: 'script', project, hash };
}

/** A hook, by the hash over what it is and the files that it names; `place`: what it is for and where it is written. */
export function hookSubject(
  project: string,
  hash: string,
  place: readonly (string | undefined)[],
): TrustSubject {
  return { kind: 'hook', project, hash, place: sha256(canonicalJson(place)) };
}

/** An MCP server: its name, which permission rules go by, and all that its project says of it. */
export function serverSubject(project: string, name: string, entry: JsonObject): TrustSubject {
  return { kind: 'mcp', project, hash: sha256(canonicalJson([name, entry])) };
}

/** What a file of the project lets tool calls do without a question, line by line. */
export function leaveSubject(project: string, lines: readonly string[]): TrustSubject {
  return { kind: 'rules', project, hash: sha256(canonicalJson(lines)) };
}

/** Files outside of the project that one of its commands sends to the model. */
export function readsSubject(project: string, paths: readonly string[]): TrustSubject {
  return { kind: 'rules', project, hash: sha256(canonicalJson(['reads', ...paths])) };
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
