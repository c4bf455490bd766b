import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { composeProjects } from '../../../middleware/composition/compose-commands.ts';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import { readVersion } from '../../../middleware/platform/release/read-version.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { testNow } from '../../support/test-clock.ts';
import { createProjectFolders, type ProjectFolders } from './project-folders.ts';

describe('the variables that files of a project may name', () => {
  let folders: ProjectFolders;

  beforeEach(() => {
    folders = createProjectFolders();
  });

  afterEach(() => {
    folders.remove();
  });

  test('are none of the middleware’s own, and no key of a provider [SEC-3] [MCP-1]', async () => {
    const own = ['OPENAI_API_KEY', 'LITELLM_MASTER_KEY', 'CODEX_PLUS_API_KEYS', 'PROXY_API_KEY'];
    const env = Object.fromEntries([...own, 'MINE'].map((name) => [name, `the-value-of-${name}`]));
    const written = (name: string): string => `\${${name}}`;
    folders.write({
      'project/.mcp.json': { mcpServers: { a: { command: 'x', args: [...own, 'MINE'].map(written) } } },
    });
    const config = loadConfig({ rootDir, env: { CODEX_PLUS_STATE_DIR: folders.root }, isTerminal: false });
    const { projectNamed } = composeProjects(
      {
        ...{ config, env, log: collectedLog().log, homeDir: folders.home, now: testNow },
        version: readVersion(rootDir),
      },
      () => ({
        usable: () => Promise.resolve([]),
        stateOf: () => undefined,
        refresh: () => Promise.resolve(),
        follow: () => Promise.resolve(),
      }),
    );
    const project = await projectNamed('local', folders.project);
    expect(project?.mcpServers.get('a')?.value['args']).toEqual([...own.map(written), 'the-value-of-MINE']);
  });
});
