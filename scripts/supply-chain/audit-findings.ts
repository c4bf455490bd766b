import type { Outcome } from './run-program.ts';

export interface Findings {
  readonly kind: 'checked' | 'unchecked';
  /** A sentence for each. */
  readonly advisories: readonly string[];
  /** With `unchecked`: why. */
  readonly reason?: string;
}

interface NpmReport {
  readonly message?: string;
  readonly error?: { readonly summary?: string };
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly range: string; readonly via: readonly unknown[] }>
  >;
}

interface PipReport {
  readonly dependencies?: readonly {
    readonly name: string;
    readonly version?: string;
    readonly vulns?: readonly { readonly id: string; readonly fix_versions: readonly string[] }[];
  }[];
}

/** What `npm audit --json` printed. */
export function npmFindings({ stdout, stderr }: Outcome): Findings {
  const report = parse(stdout) as NpmReport | undefined;
  if (report?.vulnerabilities === undefined)
    return unchecked([report?.error?.summary, report?.message, stderr, stdout]);
  const advisories = Object.entries(report.vulnerabilities).map(
    ([name, { severity, range, via }]) => `${name} ${range} (${severity}): ${via.map(titleOf).join('; ')}`,
  );
  return { kind: 'checked', advisories };
}

/** What `pip-audit --format json` printed. */
export function pythonFindings({ stdout, stderr }: Outcome): Findings {
  const report = parse(stdout) as PipReport | undefined;
  if (report?.dependencies === undefined) return unchecked([stderr.trim().split('\n').at(-1), stdout]);
  const advisories = report.dependencies.flatMap(({ name, version = '', vulns = [] }) =>
    vulns.map(({ id, fix_versions: fixes }) => {
      const mended = fixes.length === 0 ? 'no version mends it' : `mended in ${fixes.join(', ')}`;
      return `${name} ${version}: ${id}, ${mended}`;
    }),
  );
  return { kind: 'checked', advisories };
}

function unchecked(reasons: readonly (string | undefined)[]): Findings {
  const said = reasons.map((reason) => reason?.trim() ?? '').find((reason) => reason !== '');
  return { kind: 'unchecked', advisories: [], reason: said?.split('\n')[0] ?? 'it said nothing' };
}

/** An entry of `via` is an advisory, or the name of the dependency that has it. */
function titleOf(via: unknown): string {
  if (typeof via === 'string') return `by ${via}`;
  const { title, url } = via as { readonly title?: string; readonly url?: string };
  return [title, url].filter((part) => part !== undefined).join(' ');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
