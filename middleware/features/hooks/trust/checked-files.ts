import type { ProjectFile } from '../config/read-project-file.ts';

/** The files that trust in a hook was decided on, by their absolute paths. */
export type CheckedFiles = ReadonlyMap<string, ProjectFile>;
