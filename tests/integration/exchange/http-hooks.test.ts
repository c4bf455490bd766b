import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { textOf, useJudgeBench } from '../../support/judge-bench.ts';

const bench = useJudgeBench();

let server: Server;
let url: string;
const seen: IncomingHttpHeaders[] = [];

beforeEach(async () => {
  seen.length = 0;
  server = createServer((req, res) => {
    seen.push(req.headers);
    res.end('{"decision":"block","reason":"not today"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

describe('an http hook', () => {
  const refused = 'UserPromptSubmit operation blocked by hook:\nnot today\n\nOriginal prompt: hi';

  test.each([
    ['no list', () => ({})],
    ['its address', () => ({ allowedHttpHookUrls: ['https://hooks.example/*', url] })],
    ['a pattern of its address', () => ({ allowedHttpHookUrls: ['http://127.0.0.1:*/hook'] })],
  ])('is called where settings have %s [HK-1] [HK-4]', async (_, settings) => {
    await bench.hook('UserPromptSubmit', { type: 'http', url }, settings());
    expect(textOf(await bench.ask('responses'))).toBe(refused);
  });

  test.each([
    ['other addresses', ['https://hooks.example/*']],
    ['a part of its address', ['http://127.0.0.1']],
    ['an empty list', []],
    ['what is no list', '*'],
  ])('is not called where settings have %s, and the log says why [HK-4]', async (_, allowedHttpHookUrls) => {
    await bench.hook('UserPromptSubmit', { type: 'http', url }, { allowedHttpHookUrls });
    expect(textOf(await bench.ask('responses'))).toBe('hello');
    expect(seen).toEqual([]);
    expect(bench.problems()).toEqual([
      `UserPromptSubmit hook [${url}] failed: allowedHttpHookUrls does not have its address`,
    ]);
  });

  test.each([
    [undefined, '<one> <two> <>'],
    [['ONE', 'THREE'], '<one> <> <>'],
    [[], '<> <> <>'],
  ])('of the settings %j sees the variables %j [HK-4]', async (httpHookAllowedEnvVars, expected) => {
    const hook = {
      ...{ type: 'http', url, allowedEnvVars: ['ONE', 'TWO'] },
      headers: { 'x-seen': '<$ONE> <${TWO}> <$THREE>' },
    };
    await bench.hook('UserPromptSubmit', hook, {
      env: { ONE: 'one', TWO: 'two', THREE: 'three' },
      ...(httpHookAllowedEnvVars !== undefined && { httpHookAllowedEnvVars }),
    });
    await bench.ask('responses');
    expect(seen.map((headers) => headers['x-seen'])).toEqual([expected]);
  });
});
