import { flushCompileCache } from 'node:module';
import { endWithTheStarter } from './platform/process/end-with-the-starter.ts';
import { findRoot } from './platform/release/find-root.ts';
import { keepCompiled } from './platform/release/keep-compiled.ts';

// Before anything else is loaded.
endWithTheStarter();
keepCompiled(findRoot(import.meta.dirname));
await import('./serve.ts');
// It listens. Not at the end alone: a service may be killed.
flushCompileCache();
