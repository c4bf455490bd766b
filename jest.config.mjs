const shared = {
  testEnvironment: 'node',
  // Without this, Jest's soft clean-up recurses without end once two test files load execa (jestjs/jest#16044).
  testEnvironmentOptions: { globalsCleanup: 'off' },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' } }],
  },
};

/** @type {import('jest').Config} */
export default {
  // A test that hangs ends; one that waits for processes on a busy machine does not fail for it.
  testTimeout: 30_000,
  // Test files leave their modules behind. In a process of gigabytes each collection takes seconds, and tests of memory minutes.
  workerIdleMemoryLimit: '800MB',
  projects: [
    ...['unit', 'integration', 'e2e'].map((name) => ({
      ...shared,
      displayName: name,
      testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
    })),
    // The exchanges once more, with the handler mounted in an Express app.
    {
      ...shared,
      displayName: 'mounted',
      testMatch: ['<rootDir>/tests/integration/exchange/**/*.test.ts'],
      // Long, and not about who calls the handler.
      testPathIgnorePatterns: ['/(?:changed-while-run|put-back-alike|session-memory)\\.test\\.ts$'],
      globals: { mountsInExpress: true },
    },
  ],
};
