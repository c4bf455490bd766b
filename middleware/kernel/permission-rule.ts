import type { ConfigSource } from './config-source.ts';

/** One line of `permissions.allow`, `.ask` or `.deny`, as written: `Bash(npm run *)`, `Read(./.env)`, `mcp__server__tool`. */
export interface PermissionRule {
  readonly behavior: 'allow' | 'ask' | 'deny';
  readonly text: string;
  readonly source: ConfigSource;
}
