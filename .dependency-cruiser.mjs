// The direction of imports (ARCHITECTURE.md): a file imports from its own folder and from those to its left.
const layers = ['kernel', 'protocol', 'platform', 'features', 'upstreams', 'pipeline', 'http', 'cli'];

const neverToTheRight = layers.map((layer, index) => ({
  name: `${layer}-imports-only-to-its-left`,
  severity: 'error',
  from: { path: `^middleware/${layer}/` },
  to: {
    path: `^middleware/(${[...layers.slice(index + 1), 'main\\.ts', 'compose\\.ts', 'composition/'].join('|')})`,
  },
}));

/** The features that others build on, in order: each may import from those before it. All others stand alone. */
const ordered = [
  'clients',
  'trust',
  'policy',
  'mcp',
  'sessions',
  'install',
  'commands',
  'hooks',
  'calls',
  'built-ins',
];

const featuresInOrder = [
  ...ordered.map((feature, index) => ({
    name: `${feature}-imports-only-features-before-it`,
    severity: 'error',
    from: { path: `^middleware/features/${feature}/` },
    to: {
      path: '^middleware/features/([^/]+)/',
      pathNot: `^middleware/features/(${ordered.slice(0, index + 1).join('|')})/`,
    },
  })),
  {
    name: 'features-outside-the-order-do-not-meet',
    severity: 'error',
    from: { path: '^middleware/features/([^/]+)/', pathNot: `^middleware/features/(${ordered.join('|')})/` },
    to: { path: '^middleware/features/([^/]+)/', pathNot: '^middleware/features/$1/' },
  },
];

const homes = [
  ['express', 'http'],
  ['http-proxy-middleware', 'http'],
  ['js-yaml', 'platform/config'],
  ['winston', 'platform/telemetry'],
  ['prom-client', 'platform/telemetry'],
  ['execa', 'platform/process'],
  ['unbash', 'platform/shell'],
  ['ignore', 'features/policy'],
  ['undici', 'upstreams', 'platform/network'],
  ['commander', 'cli'],
  ['marked', 'features/commands'],
  ['@modelcontextprotocol/server', 'http'],
  ['@modelcontextprotocol/node', 'http'],
  ['@modelcontextprotocol/client', 'features/mcp'],
  ['ajv', 'platform/config'],
  ['jsonc-parser', 'platform/config/edit', 'cli/install'],
  ['toml-eslint-parser', 'cli'],
  ['@clack/prompts', 'cli'],
  ['diff', 'cli/install'],
  ['impit', 'upstreams/transport'],
].map(([name, ...folders]) => ({
  name: `${name}-lives-in-${folders.join('-and-').replaceAll('/', '-')}`,
  severity: 'error',
  from: { path: '^(middleware|litellm)/', pathNot: `^middleware/(${folders.join('|')})/` },
  to: { path: `^node_modules/(@types/)?${name}/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-cycles-of-folders',
      severity: 'error',
      scope: 'folder',
      from: { path: '^middleware/' },
      to: { circular: true },
    },
    {
      name: 'nothing-but-the-command-line-imports-it',
      severity: 'error',
      from: { path: '^(middleware|litellm)/', pathNot: '^middleware/cli/' },
      to: { path: '^middleware/cli/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...featuresInOrder,
    {
      name: 'kernel-and-protocol-do-no-io',
      severity: 'error',
      from: { path: '^middleware/(kernel|protocol)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(buffer|string_decoder|crypto)$' },
    },
    ...neverToTheRight,
    {
      name: 'request-and-answer-do-not-meet',
      severity: 'error',
      from: { path: '^middleware/pipeline/(request|answer|hooks)/' },
      to: { path: '^middleware/pipeline/(request|answer)/', pathNot: '^middleware/pipeline/$1/' },
    },
    ...homes,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'litellm/\\.venv' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
