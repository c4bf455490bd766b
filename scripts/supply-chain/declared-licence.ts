const ofWords: Readonly<Record<string, string>> = {
  'Apache 2': 'Apache-2.0',
  'Apache 2.0': 'Apache-2.0',
  'Apache License 2.0': 'Apache-2.0',
  'Apache License, Version 2.0': 'Apache-2.0',
  'Apache-2.0': 'Apache-2.0',
  'BSD 3-Clause License': 'BSD-3-Clause',
  'BSD-3-Clause': 'BSD-3-Clause',
  MIT: 'MIT',
  'MIT License': 'MIT',
  'MPL-2.0': 'MPL-2.0',
  'MPL-2.0 AND MIT': 'MPL-2.0 AND MIT',
  'The MIT License (MIT)': 'MIT',
};

const ofClassifiers: Readonly<Record<string, string>> = {
  'Apache Software License': 'Apache-2.0',
  'BSD License': 'LicenseRef-BSD',
  'ISC License (ISCL)': 'ISC',
  'MIT License': 'MIT',
  'Mozilla Public License 2.0 (MPL 2.0)': 'MPL-2.0',
  'Python Software Foundation License': 'PSF-2.0',
  'The Unlicense (Unlicense)': 'Unlicense',
};

/**
 * The licence that the METADATA of a Python package declares, as an SPDX expression: `License-Expression` (PEP 639), else a
 * `License` that is known, else all classifiers together. What is not known is kept as it stands, and so allowed by no rule.
 */
export function declaredLicence(metadata: string): string | undefined {
  const head = metadata.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const values = (field: string): string[] =>
    [...head.matchAll(new RegExp(`^${field}: *(.*?)\\r?$`, 'gm'))].map(([, value = '']) => value);
  const [expression] = values('License-Expression');
  if (expression !== undefined) return expression;
  const [words = ''] = values('License');
  const known = ofWords[words];
  if (known !== undefined) return known;
  const classifiers = values('Classifier')
    .filter((value) => value.startsWith('License :: '))
    .map((value) => value.split(' :: ').at(-1) ?? '')
    .filter((value) => value !== 'OSI Approved');
  if (classifiers.length > 0)
    return [...new Set(classifiers.map((name) => ofClassifiers[name] ?? name))].join(' AND ');
  return words === '' ? undefined : words;
}
