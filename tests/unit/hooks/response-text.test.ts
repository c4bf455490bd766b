import { expect, test } from '@jest/globals';
import { responseText } from '../../../middleware/features/hooks/answer/response-text.ts';
import { bashResponse, readResponse } from '../../../middleware/features/hooks/tool-responses.ts';

test('the result of a command is its output with its errors behind it [HK-1]', () => {
  const both = bashResponse({ stdout: 'out', stderr: 'err' });
  expect(responseText('Bash', both)).toBe('out\nerr');
  expect(responseText('Bash', bashResponse({ stdout: 'out\n', stderr: 'err\n' }))).toBe('out\nerr\n');
  expect(responseText('Bash', bashResponse({ stdout: '', stderr: '' }))).toBe('');
});

test('the result of reading a file is what was read; of any other tool its output [HK-1]', () => {
  const file = readResponse({ filePath: '/a', content: 'one\ntwo', startLine: 1, totalLines: 2 });
  expect(responseText('Read', file)).toBe('one\ntwo');
  expect(responseText('get_weather', { output: 'rain' })).toBe('rain');
});

test('the result of a tool of an MCP server is text, alone or in blocks [HK-1]', () => {
  const blocks = ['a', 'b'].map((text) => ({ type: 'text', text }));
  expect(responseText('mcp__s__t', blocks)).toBe('ab');
  expect(responseText('mcp__s__t', 'alone')).toBe('alone');
});

test.each([
  ['Bash', 'a text'],
  ['Bash', { stdout: 'out' }],
  ['Bash', { output: 'out' }],
  ['Bash', [{ type: 'text', text: 'out' }]],
  ['Read', { file: { content: 1 } }],
  ['Edit', { filePath: '/a', newString: 'x' }],
  ['get_weather', 'rain'],
  ['mcp__s__t', { stdout: 'out', stderr: '', interrupted: false }],
  ['mcp__s__t', [{ type: 'image', data: '' }]],
])('what has another shape is no result of %s: %j [HK-1]', (tool, response) => {
  expect(responseText(tool, response)).toBeUndefined();
});
