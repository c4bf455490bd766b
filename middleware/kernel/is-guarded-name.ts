/**
 * What runs later and outside, or decides what does, when somebody only opens the folder, enters it, or uses git or a package manager
 * there. The list follows Claude Code's protected paths. What runs only when it is called by its name (scripts, Makefiles) is not in
 * it: all of a project is of that kind.
 */
const guardedNames = new Set(
  [
    ['.git', '.gitconfig', '.gitmodules', '.husky', '.pre-commit-config.yaml', '.pre-commit-config.yml'],
    ['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml', '.ripgreprc'],
    ['.claude', '.claude.json', '.codex', '.codexplus', '.mcp.json', '.cursor'],
    ['.vscode', '.idea', '.devcontainer', '.devcontainer.json', '.exrc', '.vimrc', '.nvimrc', '.nvim.lua'],
    ['.envrc', '.direnv', 'mise.toml', '.mise.toml', 'mise.local.toml', '.mise.local.toml', '.mise'],
    ['.npmrc', '.yarn', '.yarnrc', '.yarnrc.yml', '.pnp.cjs', '.pnp.loader.mjs', '.pnpmfile.cjs'],
    ['bunfig.toml', '.bunfig.toml', '.cargo', '.mvn', '.bazelrc', '.bazeliskrc', '.bazelversion'],
    ['.gdbinit', '.lldbinit', '.pdbrc'],
    ['.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.bash_aliases', '.profile'],
    ['.zshrc', '.zshenv', '.zprofile', '.zlogin', '.zlogout'],
  ].flat(),
);

/** The names that NTFS gives them besides, without the number behind `~`. */
const shortNames = new Set([...guardedNames].map(shortNameOf));

const isPlain = /^[\x20-\x7e]*$/;
const isOfNtfs = /[\\:~]|[ .]$/;

/** Whether a file or folder of this name, or what some disk takes for the same, is guarded wherever in a project it lies. */
export function isGuardedName(name: string): boolean {
  const folded = foldName(name);
  if (guardedNames.has(folded)) return true;
  return isOfNtfs.test(folded) && folded.split('\\').some((part) => isGuardedOnNtfs(part));
}

/** As git's `core.protectNTFS`: without dots and spaces at the end, or what names a stream (`.git::$INDEX_ALLOCATION`). */
function isGuardedOnNtfs(name: string): boolean {
  const colon = name.indexOf(':');
  let end = colon === -1 ? name.length : colon;
  while (name[end - 1] === ' ' || name[end - 1] === '.') end--;
  const meant = name.slice(0, end);
  if (guardedNames.has(meant)) return true;
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

/** Disks that do not tell upper from lower case fold by Unicode's rules and pass over what is not seen (APFS, HFS+, ext4's casefold). */
function foldName(name: string): string {
  if (isPlain.test(name)) return name.toLowerCase();
  const seen = name.normalize('NFD').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  // Upper case first: only so are the long s and ligatures the letters that they stand for.
  return seen.toUpperCase().toLowerCase();
}
