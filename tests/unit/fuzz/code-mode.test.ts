import { createContext, runInContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCode } from '../../../middleware/protocol/claude-tools/code-mode.ts';
import { holds } from '../../support/fuzz.ts';

/**
 * What code is made of: calls in every way, what strings and templates may hold, and what changes how the next sign
 * is read.
 */
const scrap = fc.constantFrom(
  ...[
    'tools',
    '.',
    '?.',
    'run',
    "['run']",
    '["r\\u0075n"]',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ',',
    ';',
    ':',
    '\n',
    ' ',
  ],
  ...[
    'tools.run({cmd:"rm x"})',
    "tools.run({'cmd':'a'})",
    'tools.run(`b`)',
    'tools["run"]({cmd:1e3})',
    'run()',
  ],
  ...[
    'tools.run({cmd:"\\x72m"})',
    'tools.run({cmd:"\\u{72}m"})',
    'tools.run({cmd:"\\162m x"})',
    'tools.run("\\8")',
  ],
  ...[
    'tools.run({cmd:"\\u{110000}"})',
    'tools.run({a:0x10,b:017,c:0b1,d:1_0,e:.5,f:1n})',
    'tools.run({__proto__:"x"})',
  ],
  ...[
    'tools.run({"__proto__":[1]})',
    'tools.run({a:1,a:2})',
    'tools.run(-1)',
    'tools.run([,1])',
    'tools.run({cmd:"a\\\nb"})',
  ],
  ...[
    'const t = tools',
    't.run("x")',
    'const {run} = tools',
    'x',
    '=',
    '=>',
    '+',
    '-',
    '/',
    '/x/',
    '//',
    '/*',
    '*/',
    '<!--',
    '-->',
  ],
  ...[
    '"',
    "'",
    '`',
    '${',
    '\\',
    'if (1)',
    'for (const q of [1])',
    'while (0)',
    'await ',
    'async ',
    'return ',
    'void ',
    'typeof ',
  ],
  ...[
    'function f() {',
    'f()',
    '() =>',
    'try {',
    '} catch {',
    'of',
    'in',
    'let ',
    'var ',
    'x: ',
    '!',
    '++',
    '...',
    '#!',
    '\u2028',
  ],
  ...[
    'this',
    'eval',
    'with (tools)',
    'Object.values(tools)',
    'new ',
    'class A { static x = ',
    'get ',
    '@',
    '0',
    "'use strict'",
    '\ufeff',
  ],
);
const code = fc.oneof(
  fc.array(scrap, { maxLength: 14 }).map((scraps) => scraps.join('')),
  fc.array(scrap, { maxLength: 10 }).map((scraps) => scraps.join(';')),
  fc.array(scrap, { maxLength: 12 }).map((scraps) => scraps.join(' ')),
);

const limitMs = 100;

interface Ran {
  readonly tool: string;
  readonly argument: string | undefined;
}

/** The calls that an engine really makes; none where it takes the code for no program. */
async function callsOf(source: string): Promise<readonly Ran[]> {
  const ran: Ran[] = [];
  const run = (tool: string) => (argument: unknown) => {
    ran.push({ tool, argument: textOf(argument) });
    return {};
  };
  const context = createContext({ tools: { run: run('run') }, x: 1, t: undefined });
  try {
    await runInContext(`(async () => {${source}\n})()`, context, { timeout: limitMs });
  } catch {
    // It failed after the calls that it made, or is no program: what it did counts.
  }
  return ran;
}

function textOf(argument: unknown): string | undefined {
  try {
    return JSON.stringify(argument);
  } catch {
    return 'not JSON';
  }
}

test('every call that an engine makes is read as it is made, or the code is said to be unread', () =>
  holds(
    [code],
    async (source) => {
      const { calls, unread } = readCode(source);
      if (unread === 'any') return;
      for (const { tool, argument } of await callsOf(source)) {
        const isRead = calls.some((call) => call.tool === tool && JSON.stringify(call.argument) === argument);
        expect({ source, tool, argument, calls, isCovered: isRead || unread.includes(tool) }).toMatchObject({
          isCovered: true,
        });
      }
    },
    500,
  ));
