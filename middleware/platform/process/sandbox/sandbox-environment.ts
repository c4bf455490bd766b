type Environment = Readonly<Record<string, string | undefined>>;

interface SandboxEnvironmentOptions {
  /** Our own environment. */
  readonly own: Environment;
  /** Names that the command declared. */
  readonly declared: readonly string[];
  /** Names that no command gets, declared or not: the keys that we call providers with. */
  readonly withheld: readonly string[];
  /** Variables made up for the command. */
  readonly extra: Environment;
  /** Variables that the sandbox itself decides. */
  readonly fixed: Environment;
}

const harmless = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TERM', 'TZ', 'TMPDIR'];

/** Without these no program starts on Windows, whose names have no case. */
const harmlessOnWindows = ['SYSTEMROOT', 'COMSPEC', 'PATHEXT', 'TEMP', 'TMP', 'USERPROFILE'];

const base = new Set([...harmless, ...harmlessOnWindows]);

/** The keys of the middleware and of LiteLLM. */
const ours = /^(?:CODEX_PLUS_|LITELLM_|PROXY_API_KEY$)/i;

/**
 * What decides which code runs. The sandbox's own program starts with the command's environment, so that one of these,
 * set by a project, would run the project's code outside.
 */
const decidesWhatRuns =
  /^(?:LD_|DYLD_|GCONV_|GLIBC_|MALLOC_|BASH_)|^(?:PATH|IFS|ENV|SHELLOPTS|BASHOPTS|PS4|LOCPATH)$/i;

/** The whole environment of a sandboxed command: the harmless variables, the declared ones and those made up for it. */
export function sandboxEnvironment(options: SandboxEnvironmentOptions): Readonly<Record<string, string>> {
  const { own, declared, withheld, extra, fixed } = options;
  const isWanted = (name: string): boolean =>
    base.has(name.toUpperCase()) ||
    (declared.includes(name) && !withheld.includes(name) && !ours.test(name) && !decidesWhatRuns.test(name));
  const chosen = Object.entries(own).filter(([name]) => isWanted(name));
  const madeUp = Object.entries(extra).filter(([name]) => !decidesWhatRuns.test(name));
  const all = [...chosen, ...madeUp, ...Object.entries(fixed)];
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
