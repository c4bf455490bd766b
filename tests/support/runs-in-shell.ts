import { runBounded } from '../../middleware/platform/process/run-bounded.ts';
import { SpareShells } from '../../middleware/platform/process/spares/spare-shells.ts';

// `runs-in-shell.ts LINE`: runs a line in a spare shell, whose output is ours.

const shells = new SpareShells();
const run = (line: string): ReturnType<typeof runBounded> =>
  runBounded({
    ...{ file: '/bin/sh', args: ['-c', line], cwd: '/', env: {}, stdin: '' },
    ...{ keepBytes: 1_000, floodBytes: 1_000, timeoutMs: 60_000, signal: new AbortController().signal },
    startFast: async (program, signal) => {
      for (;;) {
        const child = await shells.start(program, signal);
        if (child !== undefined) return child;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    onStdout: (text) => process.stdout.write(text),
  });
await run(process.argv[2] ?? '');
