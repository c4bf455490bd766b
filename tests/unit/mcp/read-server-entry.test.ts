import { describe, expect, test } from '@jest/globals';
import { readServerEntry } from '../../../middleware/features/mcp/read-server-entry.ts';
import { splitCommand } from '../../../middleware/platform/config/split-command.ts';

const stdio = { kind: 'stdio', env: {}, cwd: undefined, timeoutMs: undefined };
const remote = {
  kind: 'http',
  url: 'https://h/mcp',
  headers: {},
  headersHelper: undefined,
  oauth: { grant: 'authorization_code' },
  timeoutMs: undefined,
};

describe('the entry of an MCP server', () => {
  test.each([
    [
      { command: 'npx', args: ['-y', 'x'] },
      { ...stdio, file: 'npx', args: ['-y', 'x'] },
    ],
    [
      { type: 'stdio', command: 'a', args: [], env: { K: 'v' } },
      { ...stdio, file: 'a', args: [], env: { K: 'v' } },
    ],
    [
      { command: '/a b/c', args: [] },
      { ...stdio, file: '/a b/c', args: [] },
    ],
    [{ command: '"/a b/c" -x' }, { ...stdio, file: '/a b/c', args: ['-x'] }],
    [
      { transport: 'stdio', command: 'npx -y "a b"', cwd: 'sub', timeout: 5000 },
      { ...stdio, file: 'npx', args: ['-y', 'a b'], cwd: 'sub', timeoutMs: 5000 },
    ],
    // Shorter ones are taken for seconds.
    [
      { command: 'a', timeout: 700 },
      { ...stdio, file: 'a', args: [] },
    ],
    [{ type: 'http', url: 'https://h/mcp' }, remote],
    [
      { type: 'streamable-http', url: 'https://h/mcp', headers: { A: 'b' } },
      { ...remote, headers: { A: 'b' } },
    ],
    [
      { type: 'sse', url: 'https://h/mcp' },
      { ...remote, kind: 'sse' },
    ],
    [
      { url: 'https://h/mcp', headersHelper: './h.sh' },
      { ...remote, headersHelper: './h.sh' },
    ],
    [
      { transport: 'http', url: 'https://h/mcp', auth: 'secret' },
      { ...remote, oauth: undefined, headers: { authorization: 'Bearer secret' } },
    ],
    [
      { url: 'https://h/mcp', auth: 'Basic abc' },
      { ...remote, oauth: undefined, headers: { authorization: 'Basic abc' } },
    ],
    [
      { url: 'https://h/mcp', auth: { type: 'bearer', token: 't' } },
      { ...remote, oauth: undefined, headers: { authorization: 'Bearer t' } },
    ],
    // Of one name there is one header, in whatever case it is written.
    [
      { url: 'https://h/mcp', auth: 't', headers: { Authorization: 'Basic b', 'X-A': '1', 'x-a': '2' } },
      { ...remote, oauth: undefined, headers: { Authorization: 'Basic b', 'x-a': '2' } },
    ],
    [
      {
        url: 'https://h/mcp',
        oauth: { clientId: 'c', callbackPort: 8080, scopes: ['a', 'b'], issuer: 'https://i' },
      },
      {
        ...remote,
        oauth: {
          grant: 'authorization_code',
          clientId: 'c',
          callbackPort: 8080,
          scope: 'a b',
          issuer: 'https://i',
        },
      },
    ],
    [
      { url: 'https://h/mcp', oauth: { grant: 'client_credentials', clientId: 'c', clientSecret: 's' } },
      { ...remote, oauth: { grant: 'client_credentials', clientId: 'c', clientSecret: 's' } },
    ],
  ])('%j is understood [MCP-1]', (entry, definition) => {
    expect(readServerEntry(entry)).toEqual({ kind: 'good', definition });
  });

  test.each([
    [{}, 'it has neither `command` nor `url`: write how the server is started or reached'],
    [{ command: 'a', url: 'https://h' }, 'it has `command` and `url`: say with `type` which of them counts'],
    [{ type: 'carrier-pigeon' }, '`type` is no kind of server: write "stdio", "http" or "sse"'],
    [{ type: 'constructor' }, '`type` is no kind of server: write "stdio", "http" or "sse"'],
    [{ type: 'stdio' }, '`command` is missing: write the program that is the server'],
    [{ command: 'a "b' }, '`command` has a quote that is not closed'],
    [{ command: 'a', args: 'b' }, '`args` has to be a list of texts'],
    [{ command: 'a', env: { A: 1 } }, '`env.A` has to be a text'],
    [{ type: 'http' }, '`url` is no URL: write one that begins with https:// or http://'],
    [{ url: 'file:///etc' }, '`url` is no URL: write one that begins with https:// or http://'],
    ...['https://u:p@h/mcp/SECRET', 'https://u@h/?key=SECRET'].map(
      (url) =>
        [
          { url },
          '`url` has a user name or a password before the host: take them out, and write the header `Authorization: Basic …` in `headers`',
        ] as const,
    ),
    [{ url: 'https://h', timeout: '5' }, '`timeout` has to be a number of milliseconds'],
  ])('%j is refused, with what to write', (entry, fault) => {
    expect(readServerEntry(entry)).toEqual({ kind: 'broken', fault });
  });
});

test.each([
  ['a  b', ['a', 'b']],
  [`a'b c'"d e" ''`, ['ab cd e', '']],
  [String.raw`a\ b "c\"d" '\'`, ['a b', 'c"d', '\\']],
  [' ', []],
  ["a 'b", undefined],
])('the command %j has the words %j', (text, words) => {
  expect(splitCommand(text)).toEqual(words);
});
