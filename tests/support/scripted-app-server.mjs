#!/usr/bin/env node
// Stands in for `codex app-server` where a turn has to go wrong in time: what the user says is what it does. In the folder
// that it runs in, `turns.log` has how each turn ended.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate, setInterval, setTimeout } from 'node:timers';

const said = new Map();
let threads = 0;

const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const note = (line) => {
  appendFileSync('turns.log', `${line}\n`);
};

function textOf(items) {
  return items
    .flatMap(({ role, content }) => (role === 'user' ? content : []))
    .map(({ text }) => text)
    .at(-1);
}

function play(threadId) {
  const text = said.get(threadId);
  const tell = (method, params = {}) => write({ method, params: { threadId, ...params } });
  const say = (delta) => tell('item/agentMessage/delta', { itemId: 'a', delta });
  const end = () => {
    tell('turn/completed', { turn: { status: 'completed', error: null } });
    note(`completed: ${text}`);
  };
  if (text.startsWith('silent')) return;
  tell('turn/started');
  if (text.startsWith('thinks')) setTimeout(() => (say('Hello.'), end()), 1500);
  else if (text.startsWith('ticks')) setInterval(() => tell('thread/tokenUsage/updated'), 100).unref();
  else if (text.startsWith('goes on')) (say('Hello'), setTimeout(end, 1500));
  else if (text.startsWith('waits')) say('Hello');
  else (say('Hello.'), end());
}

/** In place of a result: the call is never answered. */
const nothing = Symbol('nothing');

const methods = {
  'thread/start': () => {
    threads += 1;
    return { thread: { id: `thread-${threads}` }, activePermissionProfile: { id: 'codex-plus' } };
  },
  'thread/inject_items': ({ threadId, items }) => {
    said.set(threadId, textOf(items));
    return said.get(threadId).startsWith('hangs') ? nothing : {};
  },
  'turn/start': ({ threadId }) => {
    setImmediate(play, threadId);
    return { turn: { id: `turn-of-${threadId}` } };
  },
  'turn/interrupt': ({ threadId }) => {
    note(`interrupted: ${said.get(threadId)}`);
    return {};
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = methods[method]?.(params) ?? {};
  if (id !== undefined && result !== nothing) write({ id, result });
});
