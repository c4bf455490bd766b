import { expect, test } from '@jest/globals';
import { tellingLines } from '../../../middleware/features/mcp/transport/telling-lines.ts';

test.each([
  [
    'of Node.js',
    "node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module '/x/server.js'\n    at Module._resolveFilename (node:internal:1)\n    at node:internal/main:2 {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n\nNode.js v24.1.0\n",
    ["Error: Cannot find module '/x/server.js'"],
  ],
  [
    'of npm',
    "npm error code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/nobodys\nnpm error 404\nnpm error 404  'nobodys@*' is not in this registry.\nnpm error 404 Note that you can also install from a\nnpm error A complete log of this run is in: /x\n",
    [
      'npm error code E404',
      'npm error 404 Not Found - GET https://registry.npmjs.org/nobodys',
      "npm error 404  'nobodys@*' is not in this registry.",
    ],
  ],
  [
    'of Python',
    'Traceback (most recent call last):\n  File "x.py", line 1\n    import y\nModuleNotFoundError: No module named \'y\'\n',
    ["ModuleNotFoundError: No module named 'y'"],
  ],
  ['that name no error', 'one\ntwo\nthree\n\nfour\n', ['two', 'three', 'four']],
])('the lines %s say why it ended [MCP-5]', (_, text, lines) => {
  expect(tellingLines(text)).toEqual(lines);
});
