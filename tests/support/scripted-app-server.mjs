#!/usr/bin/env node
// Stands in for `codex app-server` where a turn has to go wrong in time: what the user says is what it does. In the folder
// that it runs in, `turns.log` has how each turn ended, and `threads.log` which threads are over.
import { appendFileSync } from 'node:fs';
import { Buffer } from 'node:buffer';
import { createInterface } from 'node:readline';
import { setImmediate, setInterval, setTimeout } from 'node:timers';

const said = new Map();
/** Calls of the history, which Codex tells of once more, as of another turn. */
const called = new Map();
const held = [];
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
  const id = `turn-of-${threadId}`;
  const tell = (method, params = {}) => write({ method, params: { threadId, turnId: id, ...params } });
  const say = (delta) => tell('item/agentMessage/delta', { itemId: 'a', delta });
  const count = () => tell('rawResponse/completed', { usage: { inputTokens: 10, outputTokens: 2 } });
  const end = () => {
    count();
    tell('turn/completed', { turn: { id, status: 'completed', error: null } });
    note(`completed: ${text}`);
  };
  const refuse = (message = 'no such thing', codexErrorInfo = 'badRequest') => {
    const error = { message, codexErrorInfo };
    tell('turn/completed', { turn: { id, status: 'failed', error } });
  };
  if (text.startsWith('silent')) return;
  tell('turn/started', { turn: { id } });
  for (const item of called.get(threadId))
    tell('rawResponseItem/completed', { turnId: 'auto-compact-0', item });
  if (text.startsWith('refused')) refuse();
  else if (text.startsWith('unauthorized')) refuse('no such key', 'unauthorized');
  else if (text.startsWith('counted')) (count(), note('counted'));
  else if (text.startsWith('long')) (say('x'.repeat(2 ** 24)), end());
  else if (text.startsWith('thinks')) setTimeout(() => (say('Hello.'), end()), 1500);
  else if (text.startsWith('endless')) setInterval(() => say('x'.repeat(1000)), 5).unref();
  else if (text.startsWith('ticks')) setInterval(() => tell('thread/tokenUsage/updated'), 100).unref();
  else if (text.startsWith('goes on')) (say('Hello'), setTimeout(end, 1500));
  else if (text.startsWith('has counted')) (count(), say('Hello'));
  else if (text.startsWith('holds')) (held.push(Buffer.alloc(2 ** 28, 1)), say('Hello'));
  else if (/^(?:waits|will count|is deaf)/.test(text)) say('Hello');
  else (say('Hello.'), end());
}

function countThread(threadId, turnId) {
  const tokenUsage = { total: { inputTokens: 10, outputTokens: 2 } };
  write({ method: 'thread/tokenUsage/updated', params: { threadId, turnId, tokenUsage } });
}

/** In place of a result: the call is never answered. */
const nothing = Symbol('nothing');
/** The same: the call is refused. */
const refusal = Symbol('refusal');

const methods = {
  'thread/start': ({ model }) => {
    threads += 1;
    const id = model === 'of-other-permissions' ? 'other' : 'codex-plus';
    return { thread: { id: `thread-${threads}` }, activePermissionProfile: { id } };
  },
  'thread/inject_items': ({ threadId, items }) => {
    said.set(threadId, textOf(items));
    called.set(
      threadId,
      items.filter(({ type }) => type === 'function_call'),
    );
    if (said.get(threadId).startsWith('is refused')) return refusal;
    if (!said.get(threadId).startsWith('hangs')) return {};
    note('hangs');
    return nothing;
  },
  'turn/start': ({ threadId }) => {
    setImmediate(play, threadId);
    return { turn: { id: `turn-of-${threadId}` } };
  },
  'turn/interrupt': ({ threadId, turnId }) => {
    const text = said.get(threadId);
    note(`interrupted: ${text}`);
    if (text.startsWith('is deaf')) return nothing;
    const turn = { id: turnId, status: 'interrupted', error: null };
    const complete = () => write({ method: 'turn/completed', params: { threadId, turn } });
    if (!text.startsWith('will count')) complete();
    else setTimeout(() => (countThread(threadId, turnId), complete()), 200);
    return {};
  },
  'thread/unsubscribe': ({ threadId }) => {
    appendFileSync('threads.log', `${threadId}\n`);
    return {};
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = methods[method]?.(params) ?? {};
  if (id === undefined || result === nothing) return;
  write(result === refusal ? { id, error: { code: -32600, message: 'no such items' } } : { id, result });
});
