/** Variables whose values bash or zsh evaluate, or take code from. */
const codeVariables = new Set(
  (
    'BASH_ENV ENV PROMPT_COMMAND PS0 PS1 PS2 PS3 PS4 PROMPT PROMPT2 PROMPT3 PROMPT4 RPROMPT RPS1 SPROMPT POSTEDIT ' +
    'BASH_LOADABLES_PATH SHELLOPTS BASHOPTS BASH_XTRACEFD BASH_COMPAT FCEDIT FUNCNEST ZDOTDIR FPATH NULLCMD READNULLCMD ' +
    'BASH_CMDS BASH_ALIASES DIRSTACK'
  ).split(' '),
);

/** Integers of bash's or zsh's own: what they are given is evaluated as arithmetic. */
const integerVariables = new Set(
  (
    'RANDOM SRANDOM SECONDS LINENO OPTIND HISTCMD HISTSIZE HISTFILESIZE SAVEHIST BASHPID EPOCHSECONDS EPOCHREALTIME BASH_MONOSECONDS ' +
    'BASH_SUBSHELL PPID UID EUID GID EGID TMOUT COLUMNS LINES SHLVL ARGC ERRNO KEYTIMEOUT LISTMAX MAILCHECK LOGCHECK DIRSTACKSIZE ' +
    'TTYIDLE BAUD PERIOD FUNCNEST IGNOREEOF OPTERR TRY_BLOCK_ERROR TRY_BLOCK_INTERRUPT ZSH_SUBSHELL ZLE_RPROMPT_INDENT HISTNO CURSOR ' +
    'REPORTTIME REPORTMEMORY'
  ).split(' '),
);

/** Names in lower case that zsh gives a meaning: `path` is where programs are looked for, `functions` holds their bodies. */
const zshVariables = new Set(
  (
    'path cdpath fpath manpath mailpath module_path fignore argv psvar prompt histchars watch aliases galiases saliases ' +
    'dis_aliases dis_galiases dis_saliases functions dis_functions builtins dis_builtins reswords dis_reswords commands options ' +
    'parameters modules nameddirs userdirs dirstack history historywords jobdirs jobtexts jobstates patchars dis_patchars ' +
    'mapfile zsh_eval_context zle_highlight zle_bracketed_paste keymaps widgets termcap terminfo sysparams errnos langinfo ' +
    'epochtime signals status pipestatus precmd_functions preexec_functions chpwd_functions periodic_functions ' +
    'zshexit_functions zshaddhistory_functions zsh_directory_name_functions'
  ).split(' '),
);

/** Whether setting a variable gives the shell code, or a place to take it from. */
export function isCodeVariable(name: string): boolean {
  return codeVariables.has(name) || /^(?:LD|DYLD)_|^BASH_FUNC_/.test(name);
}

export function isIntegerVariable(name: string): boolean {
  return integerVariables.has(name);
}

export function isZshVariable(name: string): boolean {
  return zshVariables.has(name);
}

/** Whether programs run the value of a variable: pagers, editors, git's commands. */
export function isProgramVariable(name: string): boolean {
  return /^(?:GIT_(?:.*PAGER|.*EDITOR|.*SSH.*|ASKPASS|EXTERNAL_DIFF|PROXY_COMMAND|CONFIG.*)|.*PAGER|.*EDITOR|VISUAL|BROWSER|LESSOPEN|LESSCLOSE|.*ASKPASS|RSYNC_RSH|CVS_RSH|TAR_OPTIONS|MAKEFLAGS|SHELL)$/.test(
    name,
  );
}
