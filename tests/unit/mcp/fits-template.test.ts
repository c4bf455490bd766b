import { expect, test } from '@jest/globals';
import { fitsTemplate } from '../../../middleware/features/mcp/gateway/fits-template.ts';

test.each([
  ['test://template/{id}/data', 'test://template/7/data', true],
  ['test://template/{id}/data', 'test://template/7/8/data', false],
  ['test://template/{id}/data', 'test://template/7/other', false],
  ['file:///{+path}', 'file:///a/b.txt', true],
  ['file:///{+path}', 'http:///a/b.txt', false],
  ['a:{x}/{y}', 'a:1/2', true],
  ['a:{x}/{y}', 'a:1', false],
  ['a:x{/id}', 'a:x/7', true],
  ['a:x{/path*}/end', 'a:x/7/8/end', true],
  ['a:x{.ext}', 'a:x.a/b', false],
  ['a:b', 'a:b', true],
  ['a:b', 'a:bc', false],
  ['a:{x}{y}c', 'a:12c', true],
])('of the template %s is %s: %s [MCP-3]', (template, uri, fits) => {
  expect(fitsTemplate(uri, template)).toBe(fits);
});

test('a template that is made for it holds nobody up [MCP-3]', () => {
  const template = `x:${'{+a}'.repeat(400)}!`;
  expect(fitsTemplate(`x:${'a'.repeat(1_900)}`, template)).toBe(false);
});
