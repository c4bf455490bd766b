import { expect, test } from '@jest/globals';
import { declaredPolicy } from '../../../middleware/features/hooks/run/declared-policy.ts';

const nothing = {
  workspace: '/shop',
  readRepo: false,
  writable: [],
  readable: ['/shop/.claude/hooks'],
  hidden: [],
  network: false,
  readEnv: [],
};
const works = { ...nothing, readRepo: true, writable: ['/shop'] };

test.each([
  [[], works],
  [['read_repo'], { ...nothing, readRepo: true }],
  [['write_repo'], works],
  [['run:prettier'], works],
  [['read_env:GITHUB_TOKEN'], { ...nothing, readEnv: ['GITHUB_TOKEN'] }],
  [['network', 'read_repo'], { ...nothing, readRepo: true, network: true }],
  [['everything', 'read_env:A B', 'NETWORK'], nothing],
])('a hook that declares %j gets that and no more [HK-4]', (permissions, policy) => {
  expect(declaredPolicy('/shop', permissions, ['/shop/.claude/hooks'])).toEqual(policy);
});
