import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const everywhere = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Use a named export, so that a name is the same everywhere.',
  },
];

const oneHelper = {
  selector: ":matches(FunctionDeclaration, VariableDeclarator)[id.name='isJsonObject']",
  message: 'kernel/json-object.ts has it.',
};

const inOurCode = [
  ...everywhere,
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message:
      'Read the environment in platform/config or an entry file and pass values in (see ARCHITECTURE.md).',
  },
  {
    selector: "NewExpression[callee.name='WeakMap'] TSTypeReference[typeName.name='AbortSignal']",
    message: 'Keep what belongs to an exchange in exchange.state.',
  },
  {
    selector: 'CallExpression[callee.property.name=/^(push|unshift|splice|toSpliced)$/] > SpreadElement',
    message: 'A list from outside may be longer than the stack: use addAll of kernel/bounds/add-all.ts.',
  },
];

const noWaitForTheDisk = {
  selector: "ImportDeclaration[source.value='node:fs'] > ImportSpecifier[imported.name=/Sync$/]",
  message: 'All requests would wait for the disk: use node:fs/promises.',
};

/** Where the disk is waited for all the same, and why. */
const waitsForTheDisk = [
  // Rules are evaluated in one go, for each path that a shell line may mean; the paths were looked at a moment ago.
  'middleware/features/policy/policy-context-of.ts',
  // Its database is written in one go as well; one path a call.
  'middleware/features/usage/usage-ledger.ts',
  // Two paths a prompt, and only of a project that names folders besides its own.
  'middleware/features/trust/project-grants.ts',
  // Reads, changes and writes a file of the user's, with nothing of ours in between: once a command of the user's.
  'middleware/features/hooks/edit/**',
  'middleware/features/mcp/edit/**',
  // The same for the files of commands that Codex's interface offers, at most every ten seconds.
  'middleware/features/commands/stubs/**',
];

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'litellm/.venv', '.state', 'tests/fixtures'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-depth': ['error', 3],
      complexity: ['error', 12],
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      // Trips over the type of winston's transports.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-syntax': ['error', ...inOurCode, oneHelper],
    },
  },
  {
    files: ['middleware/pipeline/**', 'middleware/features/**'],
    ignores: waitsForTheDisk,
    rules: { 'no-restricted-syntax': ['error', ...inOurCode, oneHelper, noWaitForTheDisk] },
  },
  {
    files: ['middleware/kernel/json-object.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inOurCode] },
  },
  {
    // Entry files and the one reader of the environment.
    files: [
      'middleware/serve.ts',
      'middleware/codex-plus.ts',
      'middleware/cli/command-line.ts',
      'litellm/start.ts',
      'middleware/platform/config/environment.ts',
      'benchmarks/**',
      'scripts/**',
      'tests/**',
    ],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, oneHelper] },
  },
  {
    files: ['tests/**/*.ts', 'benchmarks/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['benchmarks/**', 'scripts/**', 'litellm/start.ts', 'middleware/serve.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        AbortSignal: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
);
