import { grammar, type OptionGrammar } from './option-grammar.ts';

/** A program that starts another, which its operands name. The options are those of its manual. */
export interface StarterProgram {
  readonly options: OptionGrammar;
  /** Operands before the command: `timeout`'s time, `flock`'s file. */
  readonly skip?: number;
  /** What the operands before the command have to be. */
  readonly skipped?: RegExp;
  /** Whether `NAME=value` words may stand before the command. */
  readonly assignments?: boolean;
  /** Options with which it starts nothing. */
  readonly unless?: readonly string[];
  /** Whether what it starts is a line for a shell that the operands make up together. */
  readonly joins?: boolean;
  /** Whether it starts a shell where it is given no command. */
  readonly isShell?: boolean;
  /** Whether those before the command may be left out. */
  readonly mayLeaveOut?: boolean;
  /** Whether options are read behind operands as well. */
  readonly permutes?: boolean;
  /** Whether a script may follow behind its operands: `flock file -c 'ls'`. */
  readonly scriptBehind?: boolean;
}

const namespaces =
  '-m? --mount? -u? --uts? -i? --ipc? -n? --net? -p? --pid? -U? --user? -C? --cgroup? -T? --time?';
const su =
  '-m -p --preserve-environment -w= --whitelist-environment= -g= --group= -G= --supp-group= - -l --login -c! --command! ' +
  '--session-command! -f --fast -s= --shell= -P --pty -T --no-pty';
const setarch =
  '-B --32bit -F --fdpic-funcptrs -I --short-inode -L --addr-compat-layout -R --addr-no-randomize -S --whole-seconds ' +
  '-T --sticky-timeouts -X --read-implies-exec -Z --mmap-page-zero -3 --3gb --4gb --uname-2.6 -v --verbose';

export const env: StarterProgram = {
  options: grammar(
    '- -i --ignore-environment -0 --null -u= --unset= -C= --chdir= -S! --split-string! -v --debug --block-signal? ' +
      '--default-signal? --ignore-signal? --list-signal-handling',
  ),
  assignments: true,
};

export const xargs: StarterProgram = {
  options: grammar(
    '-0 --null -a< --arg-file< -d= --delimiter= -E= -e? --eof? -I= -i? --replace? -L= --max-lines? -l? -n= --max-args= -o ' +
      '--open-tty -P= --max-procs= -p --interactive -r --no-run-if-empty -s= --max-chars= --show-limits -t --verbose -x --exit',
  ),
};

/** By name; `env` and `xargs`, which do more than start what they are given, are apart. */
export const starterPrograms: ReadonlyMap<string, StarterProgram> = new Map<string, StarterProgram>([
  [
    'timeout',
    {
      options: grammar('-k= --kill-after= -s= --signal= -v --verbose --preserve-status --foreground'),
      skip: 1,
      skipped: /^(?:\d+\.?\d*|\.\d+|inf(?:inity)?)[smhd]?$/,
    },
  ],
  ['nohup', { options: grammar('') }],
  ['nice', { options: grammar('-n= --adjustment= -#') }],
  [
    'ionice',
    {
      options: grammar('-c= --class= -n= --classdata= -p --pid -P --pgid -t --ignore -u --uid'),
      unless: ['-p', '--pid', '-P', '--pgid', '-u', '--uid'],
    },
  ],
  ['stdbuf', { options: grammar('-i= --input= -o= --output= -e= --error=') }],
  ['setsid', { options: grammar('-c --ctty -f --fork -w --wait') }],
  [
    'flock',
    {
      options: grammar(
        '-s --shared -x -e --exclusive -u --unlock -n --nb --nonblock -w= --wait= --timeout= -E= --conflict-exit-code= -o ' +
          '--close -F --no-fork --verbose',
      ),
      skip: 1,
      scriptBehind: true,
    },
  ],
  ['su', { options: grammar(su), isShell: true }],
  ['runuser', { options: grammar(`${su} -u= --user=`), isShell: true }],
  ['chroot', { options: grammar('--groups= --userspec= --skip-chdir'), skip: 1, isShell: true }],
  [
    'unshare',
    {
      options: grammar(
        `${namespaces} -f --fork --map-user= --map-group= -r --map-root-user -c --map-current-user --map-auto --map-users= ` +
          '--map-groups= --kill-child? --mount-proc? --propagation= --setgroups= --keep-caps -R= --root= -w= --wd= -S= --setuid= ' +
          '-G= --setgid= --monotonic= --boottime=',
      ),
      isShell: true,
    },
  ],
  [
    'nsenter',
    {
      options: grammar(
        `${namespaces} -a --all -t= --target= -S= --setuid= -G= --setgid= --preserve-credentials -r? --root? -w? --wd? -W= ` +
          '--wdns= -F --no-fork -Z --follow-context',
      ),
      isShell: true,
    },
  ],
  [
    'taskset',
    { options: grammar('-a --all-tasks -p --pid -c --cpu-list'), skip: 1, unless: ['-p', '--pid'] },
  ],
  [
    'chrt',
    {
      options: grammar(
        '-b --batch -d --deadline -f --fifo -i --idle -o --other -r --rr -R --reset-on-fork -T= --sched-runtime= -P= ' +
          '--sched-period= -D= --sched-deadline= -a --all-tasks -m --max -p --pid -v --verbose',
      ),
      skip: 1,
      unless: ['-p', '--pid', '-m', '--max'],
    },
  ],
  ...'x86_64 i386 i486 i586 i686 uname26'
    .split(' ')
    .map((name) => [name, { options: grammar(setarch), isShell: true }] as const),
  ['choom', { options: grammar('-n= --adjust= -p= --pid='), unless: ['-p', '--pid'] }],
  ['linux32', { options: grammar(setarch), isShell: true }],
  ['linux64', { options: grammar(setarch), isShell: true }],
  ['setarch', { options: grammar(`${setarch} --list`), skip: 1, mayLeaveOut: true, isShell: true }],
  [
    'script',
    {
      options: grammar(
        '-I> --log-in> -O> --log-out> -B> --log-io> -T> --log-timing> -t? --timing? -m= --logging-format= -a --append -c! ' +
          '--command! -e --return -f --flush --force -E= --echo= -o= --output-limit= -q --quiet',
      ),
      skip: 1,
      permutes: true,
      isShell: true,
    },
  ],
  [
    'watch',
    {
      options: grammar(
        '-b --beep -c --color -C --no-color -d? --differences? -e --errexit -g --chgexit -q= --equexit= -n= --interval= -p ' +
          '--precise -r --no-rerun -t --no-title -w --no-wrap -x --exec',
      ),
      joins: true,
    },
  ],
  [
    'setpriv',
    {
      options: grammar(
        '-d --dump --nnp --no-new-privs --ambient-caps= --inh-caps= --bounding-set= --ruid= --euid= --rgid= --egid= --reuid= ' +
          '--regid= --clear-groups --keep-groups --init-groups --groups= --securebits= --pdeathsig= --selinux-label= ' +
          '--apparmor-profile= --reset-env',
      ),
    },
  ],
  [
    'sudo',
    {
      options: grammar(
        '-A --askpass -b --background -B --bell -C= --close-from= -D= --chdir= -E --preserve-env? -e --edit -g= --group= -H ' +
          '--set-home -h= --host= -i --login -K --remove-timestamp -k --reset-timestamp -l --list -n --non-interactive -P ' +
          '--preserve-groups -p= --prompt= -R= --chroot= -r= --role= -S --stdin -s --shell -t= --type= -T= --command-timeout= ' +
          '-U= --other-user= -u= --user= -v --validate',
      ),
      assignments: true,
      unless: ['-l', '--list', '-v', '--validate', '-e', '--edit', '-K', '--remove-timestamp'],
    },
  ],
  ['doas', { options: grammar('-a= -C= -L -n -s -u='), unless: ['-C', '-L'] }],
  ['command', { options: grammar('-p -v -V'), unless: ['-v', '-V'] }],
  ['builtin', { options: grammar('') }],
  ['exec', { options: grammar('-a= -c -l') }],
  ['noglob', { options: grammar('') }],
  ['nocorrect', { options: grammar('') }],
  ['-', { options: grammar('') }],
  ['repeat', { options: grammar(''), skip: 1 }],
  [
    'time',
    {
      options: grammar(
        '-p --portability -f= --format= -o> --output> -a --append -v --verbose -q --quiet -l -h',
      ),
    },
  ],
  ['busybox', { options: grammar(''), unless: ['--list', '--help'] }],
  ['toybox', { options: grammar('') }],
  [
    'strace',
    {
      options: grammar(
        '-f -ff -c -C -d -D -DD -DDD -h -i -k -n -q -qq -qqq -r -t -tt -ttt -T -v -V -w -x -xx -y -yy -z -Z -a= -b= -e= -E= -I= ' +
          '-o> -O= -p= -P= -s= -S= -u= -U= -X=',
      ),
    },
  ],
]);

/**
 * Programs that start others in ways that are not known here: any of their words may begin a command, and any may
 * be a script.
 */
export const opaqueStarters: ReadonlySet<string> = new Set(
  (
    'ssh pkexec systemd-run dbus-run-session firejail bwrap proot fakeroot faketime unbuffer expect entr ltrace gdb lldb ' +
    'valgrind perf rlwrap ssh-agent cgexec numactl torsocks torify proxychains proxychains4 caffeinate xvfb-run direnv dotenv npx ' +
    'pnpx bunx uvx pipx docker podman nerdctl kubectl tmux screen at batch crontab prlimit capsh gnome-terminal xterm ' +
    'start-stop-daemon daemonize chpst setuidgid softlimit cpulimit hyperfine dtach abduco reptyr nix-shell nix guix conda mamba ' +
    'micromamba poetry pipenv uv rye hatch pdm bundle mise asdf vagrant flatpak snap lxc machinectl wsl winpty socat run-parts ' +
    'launchctl open osascript sandbox-exec arch xcrun'
  ).split(' '),
);

/** Shells whose lines are not read here. */
export const foreignShells: ReadonlySet<string> = new Set(
  'fish pwsh powershell powershell.exe cmd cmd.exe nu csh tcsh elvish xonsh rc es ion oil osh ysh murex'.split(
    ' ',
  ),
);
