/** What a hook's environment says about the session. */
export interface EnvironmentFacts {
  /** The environment that hooks start from. */
  readonly base: Readonly<Record<string, string | undefined>>;
  /** `env` of the settings files, over it. */
  readonly settings: Readonly<Record<string, string>>;
  /** The folder that the session started in. */
  readonly projectDir: string;
  readonly sessionId: string;
  /** `undefined` where the client did not say. */
  readonly effort: string | undefined;
  /** This program with its version: `codex-plus_0-1-0`. */
  readonly agent: string;
  /** Where SessionStart and CwdChanged hooks may write `export NAME=value` lines. */
  readonly envFile: string | undefined;
}

/** The whole environment of a hook, with the variables that hooks for Claude Code rely on. */
export function hookEnvironment(facts: EnvironmentFacts): Readonly<Record<string, string | undefined>> {
  const { effort, envFile } = facts;
  return {
    ...facts.base,
    ...facts.settings,
    CLAUDE_PROJECT_DIR: facts.projectDir,
    CLAUDECODE: '1',
    CLAUDE_CODE_ENTRYPOINT: 'codex-plus',
    CLAUDE_CODE_SESSION_ID: facts.sessionId,
    AI_AGENT: facts.agent,
    ...(effort !== undefined && { CLAUDE_EFFORT: effort }),
    ...(envFile !== undefined && { CLAUDE_ENV_FILE: envFile }),
  };
}
