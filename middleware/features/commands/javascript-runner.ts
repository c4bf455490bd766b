/**
 * The program that runs a JavaScript command, in a process of its own: `node javascript-runner <file>`, the context as JSON
 * on standard input. What the file exports, or what the exported function returns, is the prompt on standard output.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';

const file = process.argv[2] ?? '';
const context = JSON.parse(await text(process.stdin)) as { readonly argv: readonly string[] };
const write = process.stdout.write.bind(process.stdout);
// What a script logs is not part of its prompt.
process.stdout.write = process.stderr.write.bind(process.stderr);
try {
  const prompt = await promptOf(defaultExport(await load()));
  // Not before all is written; and a timer that the script left must not keep the process.
  write(prompt, () => process.exit(0));
} catch (error) {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${reason}\n`, () => process.exit(1));
}

async function load(): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    // CommonJS in a project whose package.json declares its files to be ES modules.
    if (!/^(?:module|exports|require) is not defined/.test(error instanceof Error ? error.message : '')) {
      throw error;
    }
    return loadCommonJs();
  }
}

async function loadCommonJs(): Promise<unknown> {
  const loaded: { exports: unknown } = { exports: {} };
  const names = ['module', 'exports', 'require', '__filename', '__dirname'];
  const run = compileFunction(await readFile(file, 'utf8'), names, { filename: file }) as (
    ...values: readonly unknown[]
  ) => void;
  run(loaded, loaded.exports, createRequire(file), file, dirname(file));
  return loaded.exports;
}

/** Compilers to CommonJS put a `default` of their own below the module's. */
function defaultExport(loaded: unknown): unknown {
  let exported = loaded;
  for (let depth = 0; depth < 2; depth++) {
    if (typeof exported !== 'object' || exported === null || !('default' in exported)) break;
    exported = exported.default;
  }
  return exported;
}

async function promptOf(exported: unknown): Promise<string> {
  const call = exported as (argument: unknown, context: unknown) => unknown;
  // A list with the context's fields on it: both `(args) => args[0]` and `({ argv, workspace }) => …` are written.
  const argument = Object.assign([...context.argv], context);
  const made = typeof exported === 'function' ? await call(argument, context) : exported;
  if (typeof made === 'string') return made;
  throw new Error(
    `${file}: export a text or a function that returns one, by module.exports or export default`,
  );
}
