import { describe, expect, test } from '@jest/globals';
import { argumentsWithCopies, withCopies } from '../../../middleware/platform/shell/with-copies.ts';

const copies = new Map([
  ['/p/check.sh', '/c/check.sh'],
  ['/p/a.js', '/c/a.js'],
  ['/p/b.js', '/c/b.js'],
  ['/p/in/x.sh', '/c/in/x.sh'],
  ['/p/in/a.js', '/c/in/a.js'],
  ["/p/it's.sh", "/c/it's.sh"],
]);
const place = { folder: '/p', copyOf: (path: string) => copies.get(path) };

describe('a line whose scripts have copies', () => {
  test.each([
    ['sh check.sh', "sh '/c/check.sh'"],
    ['./check.sh --fast', "'/c/check.sh' --fast"],
    ['bash -e check.sh', "bash -e '/c/check.sh'"],
    ['. ./check.sh', ". '/c/check.sh'"],
    ['source check.sh && node a.js', "source '/c/check.sh' && node '/c/a.js'"],
    ['node "$CLAUDE_PROJECT_DIR/a.js"', "node '/c/a.js'"],
    ['node $CLAUDE_PROJECT_DIR/a.js', "node '/c/a.js'"],
    ['"${CLAUDE_PROJECT_DIR}"/check.sh', "'/c/check.sh'"],
    ['/usr/bin/python3 -u a.js', "/usr/bin/python3 -u '/c/a.js'"],
    ['exec env A=b timeout 5 sh check.sh', "exec env A=b timeout 5 sh '/c/check.sh'"],
    ['cd "$CLAUDE_PROJECT_DIR" && sh check.sh', 'cd "$CLAUDE_PROJECT_DIR" && sh \'/c/check.sh\''],
    ['cd in && ./x.sh', "cd in && '/c/in/x.sh'"],
    ['if [ -x check.sh ]; then ./check.sh; fi', "if [ -x check.sh ]; then '/c/check.sh'; fi"],
    ['chmod +x check.sh; ./check.sh | cat', "chmod +x check.sh; '/c/check.sh' | cat"],
    ['sh "it\'s.sh"', "sh '/c/it'\\''s.sh'"],
    ["bash -c 'sh check.sh'", "bash -c 'sh '\\''/c/check.sh'\\'''"],
    ['sh check.sh -c ./check.sh', "sh '/c/check.sh' -c ./check.sh"],
    ['node -r ./b.js a.js', "node -r '/c/b.js' '/c/a.js'"],
    ['X=1 sh check.sh <b.js >out', "X=1 sh '/c/check.sh' <b.js >out"],
  ])('runs the copy: %s', (line, expected) => {
    expect(withCopies(line, place)).toBe(expected);
  });

  test.each([
    'prettier --write a.js',
    'cat check.sh',
    'check.sh',
    'node -e a.js',
    'python3 -m a.js',
    'sh "$file" check.sh',
    'cd in && node a.js',
    'cd "$where" && sh check.sh',
    'CLAUDE_PROJECT_DIR=/q; sh "$CLAUDE_PROJECT_DIR/check.sh"',
    'sh check.*',
    'sh check.sh "',
  ])('leaves what is no script that it runs, or not for certain: %s', (line) => {
    expect(withCopies(line, place)).toBe(line);
  });

  test('has them among the arguments of a program as well', () => {
    expect(argumentsWithCopies(['sh', '/p/check.sh', 'a.js'], place)).toEqual(['sh', '/c/check.sh', 'a.js']);
    expect(argumentsWithCopies(['/bin/sh', '-c', './check.sh'], place)).toEqual([
      '/bin/sh',
      '-c',
      "'/c/check.sh'",
    ]);
  });

  test('has no variable of the shell without a shell', () => {
    expect(argumentsWithCopies(['sh', '$CLAUDE_PROJECT_DIR/check.sh'], place)).toEqual([
      'sh',
      '$CLAUDE_PROJECT_DIR/check.sh',
    ]);
  });
});
