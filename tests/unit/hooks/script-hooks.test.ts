import { expect, test } from '@jest/globals';
import { findScriptHooks } from '../../../middleware/features/hooks/scripts/script-hooks.ts';
import { settingsFile } from '../../support/made-up-hooks.ts';

const source = settingsFile();
const find = (names: readonly string[], firstLine = '') =>
  findScriptHooks([{ dir: '/h', names, source }], { node: '/bin/node', firstLine: () => firstLine });
const script = { source };

test.each([
  ['pre_input.sh', 'sh', ['/h/pre_input.sh']],
  ['post_output.py', 'python3', ['-u', '/h/post_output.py']],
  ['post_output.js', '/bin/node', ['/h/post_output.js']],
  ['pre_input.mjs', '/bin/node', ['/h/pre_input.mjs']],
  ['pre_input.cjs', '/bin/node', ['/h/pre_input.cjs']],
])('%s is run by %s %j [HK-6]', (name, file, args) => {
  const slot = name.startsWith('pre') ? 'pre_input' : 'post_output';
  expect(find([name])).toEqual([{ ...script, slot, path: `/h/${name}`, name, file, args }]);
});

test.each([
  ['#!/bin/bash', 'bash'],
  ['#!/usr/bin/env bash', 'bash'],
  ['#!/bin/sh', 'sh'],
  ['# bash', 'sh'],
])('a shell script that begins with %j is run by %s [HK-6]', (line, file) => {
  expect(find(['pre_input.sh'], line)[0]?.file).toBe(file);
});

test('other files of the folder are no script hooks [HK-6]', () => {
  expect(
    find(['pre_input', 'pre_input.txt', 'pre_input.sh.bak', 'my_pre_input.sh', 'post-output.sh']),
  ).toEqual([]);
});

test('a folder gives one script for each slot, the folders keep their order [HK-6]', () => {
  const names = ['post_output.py', 'pre_input.py', 'pre_input.sh'];
  const folders = ['/user', '/project'].map((dir) => ({ dir, names, source }));
  const paths = findScriptHooks(folders, { node: 'node', firstLine: () => '' }).map(({ path }) => path);
  expect(paths).toEqual([
    '/user/pre_input.sh',
    '/user/post_output.py',
    '/project/pre_input.sh',
    '/project/post_output.py',
  ]);
});
