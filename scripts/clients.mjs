// `npm run clients -- [version ...] [--only PATTERN]`: runs the tests that use the real Codex CLI with each of the versions (without any,
// the pinned one and the newest), and prints what passed. The versions are kept below `.state/clients`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { oneByOne, prepareLitellm, runJest } from './jest.mjs';
import { ensureSandbox } from './sandbox.mjs';
import { ensureInstalled, fail, npmCommand, root, run } from './setup.mjs';

const packageName = '@openai/codex';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string', default: '' } },
  });
  for (const version of positionals)
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      throw new Error(`"${version}" is no version of ${packageName}; give whole ones, such as 0.171.0`);
  const files = filesWithCodex(new RegExp(values.only));
  if (files.length === 0) throw new Error(`no test file that uses Codex matches --only ${values.only}`);
  await ensureInstalled();
  const versions = [...new Set(positionals.length > 0 ? positionals : [pinnedVersion(), newestVersion()])];
  const programs = new Map();
  for (const version of versions) programs.set(version, await installed(version));
  ensureSandbox();
  await prepareLitellm();
  const columns = [];
  for (const version of versions) columns.push(await outcomes(version, programs.get(version), files));
  print(versions, columns, files);
} catch (error) {
  fail(error);
}

/** The test files that start Codex through one of the helpers that look at the variable, or by its name. */
function filesWithCodex(only) {
  const folder = join(root, 'tests', 'e2e');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts') && only.test(name))
    .filter((name) =>
      /support\/codex-thread|support\/run-codex|spawn\('codex'|'--', 'codex'/.test(
        readFileSync(join(folder, name), 'utf8'),
      ),
    )
    .sort();
}

function pinnedVersion() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies[packageName];
}

function newestVersion() {
  const [command, args] = npmCommand(['view', packageName, 'version']);
  return execFileSync(command, args, { cwd: root, encoding: 'utf8' }).trim();
}

/** Path of the program of a version, which is installed when it is not there yet. */
async function installed(version) {
  const folder = join(root, '.state', 'clients', version);
  const program = join(folder, 'node_modules', packageName, 'bin', 'codex.js');
  if (existsSync(program) && tellsVersion(program, version)) return program;
  console.error(`Installing ${packageName} ${version} …`);
  mkdirSync(folder, { recursive: true });
  const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await run(...npmCommand([...install, `${packageName}@${version}`]));
  if (code !== 0) throw new Error(`${packageName} ${version} could not be installed; npm says above why`);
  if (!tellsVersion(program, version)) throw new Error(`${program} does not say that it is ${version}`);
  return program;
}

/** An install that was cut off has the script, but not the program that it starts. */
function tellsVersion(program, version) {
  try {
    const told = execFileSync(process.execPath, [program, '--version'], { encoding: 'utf8', stdio: 'pipe' });
    return told.trim().endsWith(` ${version}`);
  } catch {
    return false;
  }
}

/** By file, what came of its tests. */
async function outcomes(version, program, files) {
  console.error(`Codex ${version}:`);
  const paths = files.map((name) => join(root, 'tests', 'e2e', name));
  const report = join(root, '.state', 'clients', `${version}.json`);
  const args = ['--selectProjects', 'e2e', oneByOne, '--runTestsByPath', ...paths];
  const { results } = await runJest(args, report, { ...process.env, CODEX_PLUS_TEST_CODEX: program });
  return new Map(
    results.testResults.map(({ name, status, assertionResults }) => {
      const count = (wanted) => assertionResults.filter((test) => test.status === wanted).length;
      // A file that could not be loaded has no tests that could fail.
      const failed = count('failed') || (status === 'failed' ? 1 : 0);
      return [basename(name), { passed: count('passed'), failed }];
    }),
  );
}

function print(versions, columns, files) {
  const cells = files.map((file) => [
    file,
    ...columns.map((column) => {
      const { passed, failed } = column.get(file) ?? { passed: 0, failed: 1 };
      if (failed > 0) process.exitCode = 1;
      return failed > 0 ? `${passed} passed, ${failed} failed` : `${passed} passed`;
    }),
  ]);
  const rows = [['test file', ...versions], ...cells];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  console.log([head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n'));
}
