// PM2: `npx pm2 start ecosystem.config.js`. More: docs/deployment.md.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname;
// The pinned Node, where the development packages are installed.
const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node');

const shared = {
  cwd: root,
  interpreter: existsSync(pinnedNode) ? pinnedNode : 'node',
  node_args: ['--env-file-if-exists=.env'],
  // One process each: limits and budgets are counted in it.
  exec_mode: 'fork',
  instances: 1,
  // Both drain by themselves; a signal to each of their children would end what they still need.
  treekill: false,
  // Longer than CODEX_PLUS_DRAIN_TIMEOUT_MS, which is a minute: PM2 kills what is still there after it.
  kill_timeout: 75_000,
  exp_backoff_restart_delay: 500,
  // Log files without a number at the end of their names.
  merge_logs: true,
  // PM2's own measuring inside of the process, and its look at the git history.
  pmx: false,
  vizion: false,
};

export const apps = [
  { ...shared, name: 'codex-plus-litellm', script: 'litellm/start.ts' },
  {
    ...shared,
    name: 'codex-plus-middleware',
    script: 'middleware/main.ts',
    // Two pools of memory of the C library: each more of them keeps what it once had.
    env: { CODEX_PLUS_LITELLM_MODE: 'external', MALLOC_ARENA_MAX: '2' },
  },
];
