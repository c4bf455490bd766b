import { join } from 'node:path';
import { rootDir } from './compose-middleware.ts';

/** The Codex that the tests run: the installed one, or that of `npm run clients`. */
export const codexProgram =
  process.env['CODEX_PLUS_TEST_CODEX'] ??
  join(rootDir, 'node_modules', '@openai', 'codex', 'bin', 'codex.js');
