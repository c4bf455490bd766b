import { expect, test } from '@jest/globals';
import { needsTrust } from '../../../middleware/features/trust/needs-trust.ts';
import { scopes } from '../../../middleware/kernel/config-source.ts';

test("only what lies in a project has to be allowed; the home folder's is trusted [HK-3]", () => {
  expect(scopes.filter((scope) => needsTrust({ scope }))).toEqual(['local', 'project']);
});
