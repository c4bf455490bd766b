import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkLicences } from '../../../scripts/supply-chain/check-licences.ts';
import { declaredLicence } from '../../../scripts/supply-chain/declared-licence.ts';
import { licenceFaults } from '../../../scripts/supply-chain/licence-faults.ts';
import { licenceRules } from '../../../scripts/supply-chain/licence-rules.ts';
import { lockedNpm } from '../../../scripts/supply-chain/locked-npm.ts';
import { lockedPython } from '../../../scripts/supply-chain/locked-python.ts';
import { pythonLicences } from '../../../scripts/supply-chain/python-licences.ts';

function faultsOf(licence: string | undefined, name = 'some-package'): readonly string[] {
  return licenceFaults([{ name, version: '1.2.3', licence }], licenceRules);
}

describe('licences', () => {
  test('all that is locked may be used', () => {
    expect(checkLicences(join(import.meta.dirname, '..', '..', '..'))).toBeUndefined();
  });

  test.each([
    'MIT',
    'Apache-2.0 AND MIT',
    '(MIT OR CC0-1.0)',
    'BSD-3-Clause OR GPL-2.0-only',
    'GPL-3.0-only OR MIT AND ISC',
    'MPL-2.0 AND (Apache-2.0 OR GPL-2.0-only)',
    '((MIT))',
  ])('%s may be used', (licence) => {
    expect(faultsOf(licence)).toEqual([]);
  });

  test.each([
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    '(MIT OR ISC) AND AGPL-3.0-only',
    'GPL-2.0-only WITH Classpath-exception-2.0',
    'UNLICENSED',
    'SEE LICENSE IN LICENSE',
    'toString',
    '',
  ])('"%s" may not', (licence) => {
    expect(faultsOf(licence)).toEqual([`some-package 1.2.3 has the licence ${licence}`]);
  });

  test('a package that declares none may not', () => {
    expect(faultsOf(undefined)).toEqual(['some-package 1.2.3 declares no licence']);
  });

  test('litellm-enterprise may not, whatever it declares', () => {
    expect(faultsOf('MIT', 'litellm-enterprise')).toEqual([
      expect.stringContaining('litellm-enterprise 1.2.3 must not be used'),
    ]);
  });

  test('an exception is good for the licence that it was made for only', () => {
    expect(faultsOf('AGPL-3.0', 'pm2')).toEqual([]);
    expect(faultsOf('SSPL-1.0', 'pm2')).toEqual(['pm2 1.2.3 has the licence SSPL-1.0']);
  });
});

describe('locks', () => {
  test('package-lock.json: nested packages, aliases and lists of licences', () => {
    const lock = {
      packages: {
        '': { name: 'project', version: '0.1.0' },
        'node_modules/a': { version: '1.0.0', license: 'MIT' },
        'node_modules/b/node_modules/@s/a': { version: '2.0.0', license: [{ type: 'MIT' }, { type: 'X11' }] },
        'node_modules/c': { name: 'd', version: '3.0.0' },
      },
    };
    expect(lockedNpm(JSON.stringify(lock))).toEqual([
      { name: 'a', version: '1.0.0', licence: 'MIT' },
      { name: '@s/a', version: '2.0.0', licence: 'MIT or X11' },
      { name: 'd', version: '3.0.0', licence: undefined },
    ]);
  });

  test('requirements: versions, markers and hashes; what is not locked is an error', () => {
    const hash = 'a'.repeat(64);
    const lock = `# made by uv\nx==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:${hash}\n    # via y\n`;
    expect(lockedPython(lock)).toEqual([{ name: 'x', version: '1.0', sha256: [hash] }]);
    expect(() => lockedPython('x>=1.0\n')).toThrow('not locked with a version and a hash: x>=1.0');
  });

  test('a Python package that is not in licences.json, or was read at a version that is no longer locked, has no licence', () => {
    const wheels = ['a', 'b', 'c'].map((name) => ({ name, version: '2.0', sha256: [] }));
    const licences = { a: { version: '2.0', licence: 'MIT' }, b: { version: '1.0', licence: 'MIT' } };
    expect(pythonLicences(wheels, licences).map(({ licence }) => licence)).toEqual([
      'MIT',
      undefined,
      undefined,
    ]);
  });
});

describe('the licence that the metadata of a Python package declares', () => {
  test.each([
    ['License-Expression: MIT OR Apache-2.0\nLicense: other', 'MIT OR Apache-2.0'],
    ['License: Apache License, Version 2.0', 'Apache-2.0'],
    ['License: MIT License\n        \n        Copyright (c) 2022', 'MIT'],
    ['License: Dual\nClassifier: License :: OSI Approved :: BSD License', 'LicenseRef-BSD'],
    [
      'Classifier: License :: OSI Approved\nClassifier: License :: OSI Approved :: MIT License\nClassifier: License :: Other/Proprietary License',
      'MIT AND Other/Proprietary License',
    ],
    ['License: BSD-ish', 'BSD-ish'],
    ['Name: x\n\nLicense: MIT', undefined],
  ])('%j', (metadata, licence) => {
    expect(declaredLicence(metadata)).toBe(licence);
  });
});
