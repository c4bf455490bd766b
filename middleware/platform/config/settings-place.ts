/** Where settings were written, for what is wrong with one of them. */
export interface SettingsPlace {
  /** The file, or what an app gave. */
  readonly source: string;
  /** Stands in front of a setting's path; with the dot behind it. */
  readonly prefix: string;
}

/** What an app's faults are told to be in. */
export const appOptions = 'the options of codexPlus()';

/** The place of settings that an app gave in place of a file. */
export const appSettings: SettingsPlace = { source: appOptions, prefix: 'settings.' };
