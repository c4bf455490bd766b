import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLocks } from './locks.ts';
import { pythonBom } from './python-bom.ts';
import { runNpm } from './run-program.ts';

/** Writes a bill of materials for each tier; resolves with the files. */
export async function writeSbom(rootDir: string, folder: string): Promise<readonly string[]> {
  const project = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
  };
  const { wheels, licences } = readLocks(rootDir);
  const documents = {
    middleware: await npmBom(rootDir, project.name),
    litellm: pythonBom({ wheels, licences, version: project.version, now: new Date() }),
  };
  mkdirSync(folder, { recursive: true });
  return Object.entries(documents).map(([tier, document]) => {
    const file = join(folder, `${tier}.cdx.json`);
    writeFileSync(file, `${JSON.stringify(document, undefined, 2)}\n`);
    return file;
  });
}

async function npmBom(rootDir: string, name: string): Promise<object> {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const { stdout, stderr, exitCode } = await runNpm(args, rootDir);
  if (exitCode !== 0) {
    const { stdout: version } = await runNpm(['--version'], rootDir);
    const said = (stderr || stdout).trim().split('\n')[0] ?? '';
    throw new Error(
      `npm ${version.trim()} could not write the bill of materials ("npm sbom"; npm 10 and newer have it, Node 22 brings it along): ${said}`,
    );
  }
  const bom = JSON.parse(stdout) as { readonly metadata: { readonly component: object } };
  // npm takes the name of the folder for the project's.
  return { ...bom, metadata: { ...bom.metadata, component: { ...bom.metadata.component, name } } };
}
