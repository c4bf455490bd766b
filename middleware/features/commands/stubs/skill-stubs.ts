import { join } from 'node:path';
import { stubMarker } from './skill-stub.ts';
import { ownFile, type PlannedFile } from '../../install/planned-file.ts';
import { readTextFile } from '../../../platform/store/read-text-file.ts';

/** A command that Codex's user interface can offer as `$name`. */
export interface SkillStub {
  readonly name: string;
  readonly description: string;
  /** The file of the command; `undefined` for a built-in one. */
  readonly file: string | undefined;
  /** The MCP server whose prompt it is. */
  readonly server?: string;
  /** The folder in which the command is there; `undefined` for one that is there everywhere. */
  readonly project: string | undefined;
}

/**
 * The files that make a command callable as `$name` in Codex's user interface, which refuses unknown `/name`. The
 * model is not told of them. A name that the user has a skill of is left out.
 */
export function skillStubFiles(skillsFolder: string, stubs: readonly SkillStub[]): PlannedFile[] {
  return stubs
    .filter(({ name }) => isFree(skillsFolder, name))
    .flatMap((stub) => stubFiles(skillsFolder, stub));
}

/** Codex takes no colon in the name of a skill. */
function skillName(command: string): string {
  return command.replaceAll(':', '-');
}

function isFree(skillsFolder: string, name: string): boolean {
  const text = readTextFile(join(skillsFolder, skillName(name), 'SKILL.md'));
  return text === undefined || text.includes(stubMarker);
}

function stubFiles(
  skillsFolder: string,
  { name, description, file, server, project }: SkillStub,
): PlannedFile[] {
  const folder = join(skillsFolder, skillName(name));
  const text = [
    '---',
    `name: ${skillName(name)}`,
    `description: ${JSON.stringify(`${description} (Codex-Plus${project === undefined ? '' : `, ${project}`})`)}`,
    '---',
    stubMarker,
    `command: ${name}`,
    ...(file === undefined ? [] : [`from: ${file}`]),
    ...(server === undefined ? [] : [`server: ${server}`]),
    ...(server === undefined || project === undefined ? [] : [`project: ${project}`]),
    '',
    `This skill stands for the command /${name} of Codex-Plus${project === undefined ? '' : `, in the project ${project}`}. Codex-Plus puts the`,
    'command in its place and takes this text out of every request. It can be read only in this file, and in a request that did not',
    'go through Codex-Plus. In the second case tell the user so, and that `codex-plus start` starts it; do nothing else for the command.',
    '',
  ].join('\n');
  return [
    ownFile(join(folder, 'SKILL.md'), text),
    ownFile(join(folder, 'agents', 'openai.yaml'), 'policy:\n  allow_implicit_invocation: false\n'),
  ];
}
