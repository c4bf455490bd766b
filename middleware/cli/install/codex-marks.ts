/** The comments by which what `init` wrote into a `config.toml` is known. */
export const codexMarks = {
  /** Stands above each part of ours. */
  ours: '# codex-plus; `codex-plus uninstall` takes it out again',
  /** Stands before a line of the user's that ours has taken the place of. */
  kept: '# codex-plus keeps: ',
} as const;
