export interface UntestedCodex {
  readonly version: string;
  /** It does not speak what this middleware expects. */
  readonly isTooOld: boolean;
  /** What to tell its user. */
  readonly message: string;
}

/** The oldest Codex that speaks what this middleware expects. */
const oldest = [0, 29] as const;

/** What there is to say about a version of Codex; `undefined` for one that this release was tested with. */
export function untestedCodex(version: string, testedVersions: readonly string[]): UntestedCodex | undefined {
  if (testedVersions.includes(version)) return undefined;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isTooOld = major === oldest[0] && minor < oldest[1];
  return {
    version,
    isTooOld,
    message: isTooOld
      ? `Codex ${version} is older than ${oldest.join('.')}, the oldest that is supported; upgrade it`
      : `Codex ${version} was not tested with this release; if a turn fails, compare without the proxy`,
  };
}
