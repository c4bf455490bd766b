// `npm run build`: compiles to `dist`, for `import { codexPlus } from 'codex-plus'`; and puts there what is read beside the code.
import { cpSync, rmSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { ensureInstalled, fail, nodeBinary, root, run } from './setup.mjs';

try {
  await ensureInstalled();
  const dist = join(root, 'dist');
  rmSync(dist, { recursive: true, force: true });
  process.exitCode = await run(nodeBinary(), [
    'node_modules/typescript/bin/tsc',
    '-p',
    'tsconfig.build.json',
  ]);
  cpSync(join(root, 'middleware'), join(dist, 'middleware'), {
    recursive: true,
    filter: (file) => statSync(file).isDirectory() || extname(file) !== '.ts',
  });
} catch (error) {
  fail(error);
}
