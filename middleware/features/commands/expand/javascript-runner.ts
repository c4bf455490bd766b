/**
 * The program that runs a JavaScript command, in a process of its own: `node javascript-runner <file>`, on standard
 * input the script in base64, a line break, and the context as JSON. The file itself is not read: it could be
 * another by now. What the file exports, or what the exported function returns, is the prompt on standard output.
 */
import { createRequire, registerHooks } from 'node:module';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { compileFunction, constants } from 'node:vm';

const file = process.argv[2] ?? '';
const [script = '', given = ''] = (await text(process.stdin)).split('\n', 2);
const source = Buffer.from(script, 'base64').toString('utf8');
const context = JSON.parse(given) as { readonly argv: readonly string[] };
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
  const commonJs = compileCommonJs();
  if (commonJs !== undefined) return runCommonJs(commonJs);
  const { href } = pathToFileURL(file);
  registerHooks({
    load: (url, about, nextLoad) =>
      url === href ? { format: 'module', source, shortCircuit: true } : nextLoad(url, about),
  });
  return import(href);
}

type CommonJs = (...values: readonly unknown[]) => void;

/** `undefined` for an ES module, whatever a package.json says: its `export` is no statement of CommonJS. */
function compileCommonJs(): CommonJs | undefined {
  if (file.endsWith('.mjs')) return undefined;
  try {
    return compileFunction(source, ['module', 'exports', 'require', '__filename', '__dirname'], {
      filename: file,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as CommonJs;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function runCommonJs(run: CommonJs): unknown {
  const loaded: { exports: unknown } = { exports: {} };
  run.call(loaded.exports, loaded, loaded.exports, createRequire(file), file, dirname(file));
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
