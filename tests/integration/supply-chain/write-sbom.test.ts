import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readLocks } from '../../../scripts/supply-chain/locks.ts';
import { writeSbom } from '../../../scripts/supply-chain/write-sbom.ts';

interface Bom {
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly {
    readonly purl: string;
    readonly licenses?: unknown;
    readonly externalReferences: readonly { readonly hashes?: readonly unknown[] }[];
  }[];
}

const rootDir = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'codex-plus-sbom-'));
const { npm, wheels } = readLocks(rootDir);

describe('the bills of materials', () => {
  let middleware: Bom;
  let litellm: Bom;

  beforeAll(async () => {
    const files = await writeSbom(rootDir, folder);
    [middleware, litellm] = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Bom) as [Bom, Bom];
  }, 120_000);

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('both are CycloneDX 1.5 and name what they are of', () => {
    const shape = { bomFormat: 'CycloneDX', specVersion: '1.5', version: 1 };
    expect(middleware).toMatchObject({ ...shape, metadata: { component: { name: 'codex-plus' } } });
    expect(litellm).toMatchObject({ ...shape, metadata: { component: { name: 'codex-plus-litellm' } } });
  });

  test('every package of package-lock.json is in that of the middleware', () => {
    const purls = new Set(middleware.components.map(({ purl }) => purl));
    const locked = npm.map(({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`);
    expect(locked.filter((purl) => !purls.has(purl))).toEqual([]);
  });

  test('every package of the Python locks is in that of LiteLLM, once and with all its hashes', () => {
    expect(litellm.components.map(({ purl }) => purl)).toEqual(
      wheels.map(({ name, version }) => `pkg:pypi/${name}@${version}`),
    );
    expect(litellm.components.map(({ externalReferences }) => externalReferences[0]?.hashes?.length)).toEqual(
      wheels.map(({ sha256 }) => sha256.length),
    );
    expect(litellm.components.find(({ purl }) => purl.startsWith('pkg:pypi/litellm@'))?.licenses).toEqual([
      { expression: 'MIT' },
    ]);
  });
});
