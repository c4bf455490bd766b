export interface LicenceRules {
  /** SPDX ids, each with the reason where it is not simply a permissive licence. */
  readonly allowed: Readonly<Record<string, string>>;
  /** By name: good for exactly this declared licence. */
  readonly exceptions: Readonly<
    Record<string, { readonly licence: string | undefined; readonly reason: string }>
  >;
  /** Never, whatever they declare. */
  readonly refused: Readonly<Record<string, string>>;
}

const permissive = 'permissive';

/** Which licences a dependency may have. */
export const licenceRules: LicenceRules = {
  allowed: {
    '0BSD': permissive,
    'Apache-2.0': permissive,
    'BSD-2-Clause': permissive,
    'BSD-3-Clause': permissive,
    'BlueOak-1.0.0': permissive,
    'CC0-1.0': permissive,
    'CNRI-Python': permissive,
    ISC: permissive,
    'LicenseRef-BSD': 'permissive; the metadata of the package does not say which of the BSD licences it is',
    MIT: permissive,
    'MIT-0': permissive,
    'MPL-2.0': 'it asks to publish changes of its own files only; we change none',
    'PSF-2.0': permissive,
    'Python-2.0': permissive,
    Unlicense: permissive,
    'ZPL-2.1': permissive,
    Zlib: permissive,
  },
  exceptions: {
    '@pm2/js-api': { licence: 'Apache-2', reason: 'means Apache-2.0, as its LICENSE file says' },
    '@modelcontextprotocol/server-everything': {
      licence: 'SEE LICENSE IN LICENSE',
      reason: 'MIT, as its README says; the package has no such file. A program that the tests run',
    },
    'caniuse-lite': {
      licence: 'CC-BY-4.0',
      reason: 'data of a tool that the tests need; nothing of it is passed on',
    },
    'cli-tableau': {
      licence: undefined,
      reason: 'MIT, as its LICENSE file says; its package.json misspells the field',
    },
    pm2: {
      licence: 'AGPL-3.0',
      reason:
        'a program of its own that people may run us with; we neither link nor change it, and no image has it',
    },
    tv4: { licence: 'Public Domain or MIT', reason: 'MIT may be chosen' },
  },
  refused: {
    'litellm-enterprise': 'not free software: its use needs a contract with its maker',
  },
};
