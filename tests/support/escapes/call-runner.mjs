// Inside of the sandbox: does what Codex would do with a call. Arguments: the tool's name and its input.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';

const [name, text] = process.argv.slice(2);

function run(file, args, { workdir = '.', input } = {}) {
  const { stdout, stderr } = spawnSync(file, args, { cwd: workdir, input, encoding: 'utf8' });
  const output = `${stdout ?? ''}${stderr ?? ''}`;
  process.stdout.write(output);
  return { output };
}

function words({ command, workdir }) {
  return run(command[0], command.slice(1), { workdir });
}

const read = (path) => ({ output: readFileSync(path, 'utf8') });

const tools = {
  exec_command: ({ cmd, shell = 'bash', workdir }) => {
    const flag = /perl|node/.test(shell) ? '-e' : '-c';
    // Codex hands every shell `-c`; a program that is none gets the line as its argument.
    return run(shell, /sh$|perl|node/.test(shell) ? [flag, cmd] : [cmd], { workdir });
  },
  shell: words,
  local_shell: words,
  shell_command: ({ command, workdir }) => run('bash', ['-lc', command], { workdir }),
  bash: ({ command }) => run('bash', ['-c', command]),
  // A terminal: keys that edit the line do.
  write_stdin: ({ chars }) =>
    run('script', ['-qec', 'bash --norc', '/dev/null'], { input: `${chars}\nexit\n` }),
  view_image: ({ path }) => read(path),
  Read: ({ file_path: path }) => read(path),
  Grep: ({ path }) => read(join('.', path)),
};
const called = {
  ...tools,
  run: ({ command }) => run('bash', ['-c', command]),
  mcp__shell__run: ({ command }) => run('bash', ['-c', command]),
  mcp__shell__exec: ({ cmd }) => run('bash', ['-c', cmd]),
  mcp__files__read: ({ path }) => read(path),
};

if (name === 'exec') {
  const context = vm.createContext({
    tools: Object.fromEntries(
      Object.entries(tools).map(([key, tool]) => [key, (input) => Promise.resolve(tool(input))]),
    ),
    text: (result) => process.stdout.write(`${result?.output ?? result}\n`),
    setTimeout,
  });
  await vm.runInContext(`(async () => { ${text}\n })()`, context).catch(() => undefined);
} else {
  const result = called[name]?.(JSON.parse(text));
  if (result !== undefined) process.stdout.write(result.output);
}
