/** Where settings were written, for what is wrong with one of them. */
export interface SettingsPlace {
  /** The file, or what an app gave. */
  readonly source: string;
  /** Stands in front of a setting's path; with the dot behind it. */
  readonly prefix: string;
  /** Where variables are all that there is: the one of a setting. */
  readonly variableOf?: (path: string) => string | undefined;
}

/** How whoever runs this is told of a setting, by its path: where it is written. Without a place it is the file. */
export function settingName(place: SettingsPlace | undefined, path: string): string {
  if (place === undefined) return `${path} in codex_plus.json`;
  return place.variableOf?.(path) ?? `${place.prefix}${path} in ${place.source}`;
}

/** What an app's faults are told to be in. */
export const appOptions = 'the options of codexPlus()';

/** The place of settings that an app gave in place of a file. */
export const appSettings: SettingsPlace = { source: appOptions, prefix: 'settings.' };
