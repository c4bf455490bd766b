import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';

const own = /^(?:protocol\/app-server|upstreams\/codex)\/|\/compose-codex\.ts$/;
/** The folders, and the files that have what they know to others. */
const known =
  /\/(?:protocol\/app-server|upstreams\/codex)\/|\/(?:compose-codex|codex-only|codex-metrics|worker-server|routes\/codex)\.ts'/;

test('whoever adds another child that answers as a model is told all places that know of Codex as one', () => {
  const folder = join(rootDir, 'middleware');
  const architecture = readFileSync(join(rootDir, 'ARCHITECTURE.md'), 'utf8');
  const [told = ''] = /\n### Another child that answers as a model\n[^]*?\n### /.exec(architecture) ?? [];
  const places = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !own.test(file))
    .filter((file) => known.test(readFileSync(join(folder, file), 'utf8')));
  expect(places.length).toBeGreaterThan(10);
  expect(places.filter((file) => !told.includes(basename(file)))).toEqual([]);
});
