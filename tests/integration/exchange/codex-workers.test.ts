import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { workerPids } from '../../support/codex-workers.ts';
import type { ComposedMiddleware } from '../../support/compose-middleware.ts';
import { scriptedCodex, useScriptedCodex } from '../../support/scripted-codex.ts';
import { until } from '../../support/until.ts';

const codex = useScriptedCodex('codex-workers');
const { start, ends } = codex;

function ask({ url }: ComposedMiddleware, content: string): request.Test {
  return request(url)
    .post('/v1/chat/completions')
    .send({ model: 'codex-5', messages: [{ role: 'user', content }] });
}

/** A stream of which something has come. */
async function open(
  { url }: ComposedMiddleware,
  content: string,
): Promise<{ readonly rest: () => Promise<string>; readonly leave: () => void }> {
  const left = new AbortController();
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'codex-5', messages: [{ role: 'user', content }], stream: true }),
    signal: left.signal,
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  await reader?.read();
  const rest = async (): Promise<string> => {
    let text = '';
    for (;;) {
      const piece = await reader?.read();
      if (piece?.value === undefined) return text;
      text += piece.value;
    }
  };
  return {
    rest,
    leave: () => {
      left.abort();
    },
  };
}

/** How the workers are, as the health tells it. */
async function workers({ url }: ComposedMiddleware): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const health = await request(url).get('/health').expect(200);
  return (health.body as { codex: { workers: Record<string, unknown>[] } }).codex.workers;
}

/** A process with all that it started stands still, and says nothing any more. */
function freeze(pid: number | undefined): void {
  process.kill(-(pid ?? 0), 'SIGSTOP');
}

describe('a worker that hangs', () => {
  test('is ended and followed by a new one, and turns of the others go on [API-1]', async () => {
    const asked = await start({
      CODEX_PLUS_CODEX_WORKERS: '2',
      CODEX_PLUS_CODEX_HUNG_AFTER_MS: '1000',
    });
    const hung = await open(asked, 'waits for ever');
    // It goes to the first as well, and has the second one started.
    await ask(asked, 'hello').expect(200);
    await until(() => workerPids(asked).length === 2);
    const other = await open(asked, 'waits for its client');
    const [first] = workerPids(asked);
    freeze(first);
    expect(await hung.rest()).toMatch(/codex app-server answered nothing for 1 s and was ended/);
    expect(() => process.kill(first ?? 0, 0)).toThrow('ESRCH');
    await ask(asked, 'hello').expect(200);
    await until(() => workerPids(asked).length === 3);
    expect(ends()).not.toContain('waits');
    other.leave();
    await until(() => ends().includes('interrupted: waits for its client'));
  });

  test('before it was asked for a turn has another one answer it [API-1]', async () => {
    const asked = await start({ CODEX_PLUS_CODEX_HUNG_AFTER_MS: '1000' });
    await ask(asked, 'hello').expect(200);
    freeze(workerPids(asked)[0]);
    await ask(asked, 'hello').expect(200);
    expect(workerPids(asked)).toHaveLength(2);
  });

  test('is none while it thinks and answers that it is there [API-1]', async () => {
    const asked = await start({ CODEX_PLUS_CODEX_HUNG_AFTER_MS: '1000' });
    await ask(asked, 'thinks').expect(200);
    expect(workerPids(asked)).toHaveLength(1);
  });
});

/** A program that is Codex once, and from then on runs this. */
function onceCodex(then: string): string {
  const file = join(codex.folder, 'once-codex');
  writeFileSync(
    file,
    `#!/bin/sh\nmkdir ${codex.folder}/begun 2>/dev/null && exec ${scriptedCodex}\n${then}\n`,
    {
      mode: 0o755,
    },
  );
  return file;
}

const failingStarts = [
  ['cannot be started', 'exit 1'],
  ['does not come up', 'exec cat'],
] as const;

test.each([
  [
    '/bin/false',
    'does not answer as it does (codex.program, CODEX_PLUS_CODEX_PROGRAM): codex app-server ended',
  ],
  [
    '/bin/cat',
    'does not answer as it does (codex.program, CODEX_PLUS_CODEX_PROGRAM): codex app-server ended',
  ],
  ['no-such-program', 'there is no "no-such-program"; npm install -g @openai/codex (codex.program, '],
])(
  'a program that is no Codex is told by its setting, and has no home: %s [API-1]',
  async (program, said) => {
    const asked = await start({ CODEX_PLUS_CODEX_PROGRAM: program });
    for (let at = 0; at < 3; at += 1) {
      const answer = await ask(asked, 'hello').expect(503);
      expect(answer.body).toMatchObject({ error: { message: expect.stringContaining(said) } });
    }
    expect(existsSync(join(codex.folder, 'codex', 'home'))).toBe(false);
  },
);

describe('a second worker', () => {
  test.each(failingStarts)('that %s keeps nobody from the first, which is there [API-1]', async (_, then) => {
    const asked = await start({
      CODEX_PLUS_CODEX_WORKERS: '2',
      CODEX_PLUS_CODEX_PROGRAM: onceCodex(then),
    });
    const long = await open(asked, 'waits');
    for (let at = 0; at < 5; at += 1) await ask(asked, 'hello').expect(200);
    const answers = await Promise.all([ask(asked, 'hello'), ask(asked, 'hello')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(workerPids(asked)).toHaveLength(1);
    long.leave();
  });

  test('is started beside one that is busy, and gets what comes next [API-1]', async () => {
    const asked = await start({ CODEX_PLUS_CODEX_WORKERS: '2' });
    const long = await open(asked, 'waits');
    await ask(asked, 'hello').expect(200);
    await until(async () => (await workers(asked)).length === 2);
    await ask(asked, 'hello').expect(200);
    expect(await workers(asked)).toMatchObject([
      { place: 1, running: 1, taken: 2 },
      { place: 2, taken: 1 },
    ]);
    long.leave();
  });
});

describe('a worker that had its turns', () => {
  test('is followed by a new one and ends what it has [API-1]', async () => {
    const asked = await start({ CODEX_PLUS_CODEX_TURNS_PER_WORKER: '2' });
    await ask(asked, 'hello').expect(200);
    const long = await open(asked, 'waits');
    await until(() => workerPids(asked).length === 2);
    const [first, second] = workerPids(asked);
    await until(async () => (await workers(asked)).length === 2);
    expect(await workers(asked)).toMatchObject([
      { pid: second, place: 1 },
      { pid: first, running: 1, taken: 2 },
    ]);
    await ask(asked, 'hello').expect(200);
    long.leave();
    await until(async () => (await workers(asked)).every(({ pid }) => pid !== first));
    expect(ends()).toContain('interrupted: waits');
  });

  test.each(failingStarts)('goes on where the new one %s, so that nobody waits [API-1]', async (_, then) => {
    const asked = await start({
      CODEX_PLUS_CODEX_TURNS_PER_WORKER: '1',
      CODEX_PLUS_CODEX_PROGRAM: onceCodex(then),
    });
    for (let at = 0; at < 3; at += 1) await ask(asked, 'hello').expect(200);
    expect(workerPids(asked)).toHaveLength(1);
  });
});

describe('the memory of a worker', () => {
  test('is bounded: one that holds more ends what it has, and a new one takes what comes [API-1]', async () => {
    const asked = await start({ CODEX_PLUS_CODEX_MAX_WORKER_BYTES: String(2 ** 28) });
    const long = await open(asked, 'holds');
    await ask(asked, 'hello').expect(200);
    const [first] = workerPids(asked);
    const isLeaving = async (): Promise<boolean> =>
      (await workers(asked)).some(({ pid, place }) => pid === first && place === undefined);
    await until(isLeaving);
    // Nobody has to ask for it.
    await until(() => workerPids(asked).length === 2);
    await ask(asked, 'hello').expect(200);
    expect(ends()).not.toContain('holds');
    long.leave();
    await until(async () => (await workers(asked)).every(({ pid }) => pid !== first));
    expect(ends()).toContain('interrupted: holds');
    expect(asked.lines).toContainEqual(
      expect.objectContaining({ message: 'a worker of Codex holds too much memory', pid: first }),
    );
  });

  test('is told, and no reason for a new one within its bound [API-1]', async () => {
    const asked = await start();
    await ask(asked, 'hello').expect(200);
    const [pid] = workerPids(asked);
    await until(async () => (await workers(asked))[0]?.['residentBytes'] !== undefined);
    // Its client has the answer before the thread is cleared.
    await until(async () => (await workers(asked))[0]?.['running'] === 0);
    expect(await workers(asked)).toEqual([
      { pid, place: 1, running: 0, taken: 1, residentBytes: expect.any(Number) },
    ]);
    const metrics = await request(asked.url).get('/metrics').expect(200);
    expect(metrics.text).toMatch(/codex_plus_codex_worker_resident_bytes\{worker="1"\} [1-9]\d{6}/);
    expect(metrics.text).toContain('codex_plus_codex_worker_turns{worker="1"} 0');
    await ask(asked, 'hello').expect(200);
    expect(workerPids(asked)).toEqual([pid]);
  });
});

describe('what whoever tidies up takes away', () => {
  test.each(['work', '.'])('is made again, and calls go on (%s) [API-1]', async (taken) => {
    const asked = await start({ CODEX_PLUS_CODEX_WORK_DIR: join(codex.folder, 'tidied', 'work') });
    await ask(asked, 'hello').expect(200);
    await rm(join(codex.folder, 'tidied', taken), { recursive: true });
    const answers = await Promise.all([ask(asked, 'hello'), ask(asked, 'hello')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(workerPids(asked)).toHaveLength(1);
  });

  test('has the worker followed by a new one where it was its own folder [API-1]', async () => {
    const asked = await start();
    await ask(asked, 'hello').expect(200);
    const home = join(codex.folder, 'codex', 'home');
    await rename(home, join(codex.folder, 'first'));
    await ask(asked, 'hello').expect(200);
    await rename(home, join(codex.folder, 'second'));
    mkdirSync(home);
    await ask(asked, 'hello').expect(200);
    const [, , third] = workerPids(asked);
    await until(async () => (await workers(asked)).every(({ pid }) => pid === third));
    await ask(asked, 'hello').expect(200);
    expect(workerPids(asked)).toHaveLength(3);
  });
});

describe('an answer that does not end', () => {
  const limits = { CODEX_PLUS_MAX_EVENT_BYTES: '20000', CODEX_PLUS_MAX_STREAM_BYTES: '40000' };

  test('is refused at the limit of an answer, and its turn ended [API-1]', async () => {
    const asked = await start(limits);
    const answer = await ask(asked, 'endless').expect(502);
    expect(answer.body).toMatchObject({
      error: { code: 'answer_too_large', message: expect.stringContaining('raise limits.maxEventBytes') },
    });
    await until(() => ends().includes('interrupted: endless'));
  });

  test('ends with an error at the limit of a stream, and its turn with it [API-1]', async () => {
    const asked = await start(limits);
    const endless = await open(asked, 'endless');
    const text = await endless.rest();
    expect(text).toContain('raise limits.maxStreamBytes');
    expect(text.length).toBeLessThan(80_000);
    await until(() => ends().includes('interrupted: endless'));
  });
});
