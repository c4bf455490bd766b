import { readTextFile } from '../../platform/store/read-text-file.ts';

/** A piece of a file that we put there, exactly as written, so that it can be taken out again by itself. */
export type Segment =
  | { readonly kind: 'insert'; readonly at: 'start' | 'end'; readonly text: string }
  | { readonly kind: 'replace'; readonly from: string; readonly to: string };

/** Values of a `config.toml` as they were before `init`, to be compared with when it is taken back. */
export type OwnChoices = Readonly<Partial<Record<'model' | 'model_reasoning_effort', string>>>;

/** What a file is to become. */
export interface PlannedFile {
  readonly file: string;
  /** As it is now; `undefined` for a file that is not there. */
  readonly now: string | undefined;
  readonly next: string;
  /** What of it is ours; a file that is ours as a whole has none. */
  readonly segments: readonly Segment[];
  /** Whether the file was there before we first wrote into it. */
  readonly existed: boolean;
  /** Of a `config.toml`: what the user had chosen before we first wrote into it. */
  readonly own?: OwnChoices | undefined;
}

/** What an earlier installation wrote, from its record. */
export type Installed = Pick<PlannedFile, 'file' | 'segments' | 'existed' | 'own'>;

/** The plan for a file that is ours as a whole. */
export function ownFile(file: string, next: string): PlannedFile {
  return { file, now: readTextFile(file), next, segments: [], existed: false };
}

/** Whether carrying the plan out would change anything. */
export function changes({ now, next }: PlannedFile): boolean {
  return now !== next;
}
