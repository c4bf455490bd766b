/**
 * What runs later and outside, or decides what does, when somebody only opens the folder, enters it, or uses git, a
 * package or version manager, an interactive interpreter or an assistant there. The list follows Claude Code's
 * protected paths. Not in it is:
 * - what runs only when it is called by its name, or when the project is built, tested or started (scripts,
 * Makefiles, `package.json`, `Directory.Build.props`): all of a project is of that kind;
 * - what a file of the list reads or starts in its turn (`flake.nix` of an `.envrc`, `.lintstagedrc` of a hook);
 * - what builds and package managers write as their work (`node_modules`, `.venv`, `pnpm-workspace.yaml`);
 * - what only says how text looks, or which version is meant (`.editorconfig`, `.gitattributes`, `.nvmrc`,
 * `.tool-versions`);
 * - what its reader asks about again when it was changed (`.lvimrc`, `.autoenv.zsh`).
 */
const guardedNames = new Set(
  [
    ['.git', '.gitconfig', '.gitmodules', '.husky', '.pre-commit-config.yaml', '.pre-commit-config.yml'],
    ...[...managedHooks(), ['.overcommit.yml', 'prek.toml', '.ripgreprc']],
    // Hooks and programs in the settings of a repository: hgrc(5), Sapling's `.sl/config`, jj's `.jj/repo/config.toml`.
    ['.hg', '.sl', '.jj'],
    ['.claude', '.claude.json', '.codex', '.codexplus', '.mcp.json', '.cursor'],
    // Assistants whose settings there start MCP servers, hooks or checks, as those of Cursor do.
    ['.gemini', '.qwen', '.opencode', 'opencode.json', 'opencode.jsonc', '.windsurf', '.kiro', '.roo'],
    ['.amazonq', '.continue', '.aider.conf.yml'],
    ['.vscode', '.idea', '.devcontainer', '.devcontainer.json', '.exrc', '.vimrc', '.nvimrc', '.nvim.lua'],
    // Programs of language servers and tasks (Zed, Helix, Fleet); coc.nvim (`.vim/coc-settings.json`); Emacs' `eval`.
    ['.zed', '.helix', '.fleet', '.vim', '.dir-locals.el', '.dir-locals-2.el'],
    ['.envrc', '.direnv', 'mise.toml', '.mise.toml', 'mise.local.toml', '.mise.local.toml', '.mise'],
    // With `mise/config.toml` and `.config/mise`.
    ['mise'],
    // rustup: `toolchain.path` is the folder of the `cargo` and `rustc` that every call there starts, those of editors too.
    ['rust-toolchain', 'rust-toolchain.toml'],
    ['.npmrc', '.yarn', '.yarnrc', '.yarnrc.yml', '.pnp.cjs', '.pnp.loader.mjs'],
    ['.pnpmfile.cjs', '.pnpmfile.mjs'],
    // Bundler: `.bundle/config` may name programs (`BUNDLE_BUILD__*`), another Gemfile and where gems come from.
    ['bunfig.toml', '.bunfig.toml', '.bundle', '.cargo', '.mvn', '.bazelrc', '.bazeliskrc', '.bazelversion'],
    ['.gdbinit', '.lldbinit', '.pdbrc'],
    // Read from the folder in which it is started: irb, pry, R, Octave, IEx, Erlang, GHCi.
    ['.irbrc', '_irbrc', '.pryrc', '.rprofile', '.renviron', '.octaverc', '.iex.exs', '.erlang', '.ghci'],
    ['.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.bash_aliases', '.profile'],
    ['.zshrc', '.zshenv', '.zprofile', '.zlogin', '.zlogout'],
  ].flat(),
);

/** Lefthook reads each of these names with each of these ends, also in `.config` without the dot. */
function managedHooks(): readonly string[][] {
  const ends = ['yml', 'yaml', 'toml', 'json', 'jsonc'];
  const starts = ['lefthook', '.lefthook', 'lefthook-local', '.lefthook-local'];
  return starts.map((start) => ends.map((end) => `${start}.${end}`));
}

/** `mise.ENVIRONMENT.toml`, which mise reads in that environment; the tasks and settings of several folders, for VS Code. */
const guardedForms = [/^\.?mise\..+\.toml$/, /\.code-workspace$/];

/** The names that NTFS gives them besides, without the number behind `~`. */
const shortNames = new Set([...guardedNames].map(shortNameOf));

const isPlain = /^[\x20-\x7e]*$/;
const isOfNtfs = /[\\:~]|[ .]$/;

/** Whether a file or folder of this name, or what some disk takes for the same, is guarded wherever in a project it lies. */
export function isGuardedName(name: string): boolean {
  const folded = foldName(name);
  if (isListed(folded)) return true;
  return isOfNtfs.test(folded) && folded.split('\\').some((part) => isGuardedOnNtfs(part));
}

function isListed(name: string): boolean {
  return guardedNames.has(name) || guardedForms.some((form) => form.test(name));
}

/** As git's `core.protectNTFS`: without dots and spaces at the end, or what names a stream (`.git::$INDEX_ALLOCATION`). */
function isGuardedOnNtfs(name: string): boolean {
  const colon = name.indexOf(':');
  let end = colon === -1 ? name.length : colon;
  while (name[end - 1] === ' ' || name[end - 1] === '.') end--;
  const meant = name.slice(0, end);
  if (isListed(meant)) return true;
  const [, start, rest = ''] = /^([^~]+)~[1-9](\.[^.]+)?$/.exec(meant) ?? [];
  return start !== undefined && shortNames.has(start + rest);
}

/** Six letters, and three of what is behind the last dot: `git~1`, `yarnrc~1.yml`. */
function shortNameOf(name: string): string {
  const [first = '', ...others] = name.split('.').filter((part) => part !== '');
  const last = others.pop();
  const start = [first, ...others].join('').slice(0, 6);
  return last === undefined ? start : `${start}.${last.slice(0, 3)}`;
}

/**
 * Disks that do not tell upper from lower case fold by Unicode's rules and pass over what is not seen (APFS, HFS+,
 * ext4's casefold).
 */
function foldName(name: string): string {
  if (isPlain.test(name)) return name.toLowerCase();
  const seen = name.normalize('NFD').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  // Upper case first: only so are the long s and ligatures the letters that they stand for.
  return seen.toUpperCase().toLowerCase();
}
