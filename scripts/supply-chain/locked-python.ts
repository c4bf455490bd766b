export interface LockedWheel {
  readonly name: string;
  readonly version: string;
  /** Of every file of this version that may be installed. */
  readonly sha256: readonly string[];
}

/** The packages of requirements.txt as uv writes it: `name==version ; marker \`, then a line for each hash. */
export function lockedPython(requirements: string): readonly LockedWheel[] {
  return requirements
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => /^[A-Za-z0-9]/.test(line))
    .map((line) => {
      const [, name, version] = /^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)/.exec(line) ?? [];
      const sha256 = [...line.matchAll(/--hash=sha256:([0-9a-f]{64})/g)].map(([, hash = '']) => hash);
      if (name === undefined || version === undefined || sha256.length === 0)
        throw new Error(`not locked with a version and a hash: ${line.slice(0, 80)}`);
      return { name, version, sha256 };
    });
}
