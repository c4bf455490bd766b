import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { describeEachTransport } from '../../support/each-transport.ts';
import { sparePort } from '../../support/spare-port.ts';
import { piecesOf, readAll } from '../../support/transports.ts';
import { until } from '../../support/until.ts';

describeEachTransport(({ call, create, scheme, served, server, transport }) => {
  describe('giving up', () => {
    const reason = new Error('the client left');

    test('an abort before the call makes no call [RT-2]', async () => {
      const before = server().calls.length;
      await expect(transport().call(call({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
      expect(server().calls.length).toBe(before);
    });

    test('an abort before the head rejects with its reason and reaches the server [RT-2]', async () => {
      const before = server().calls.length;
      server().answer(() => undefined);
      const controller = new AbortController();
      const answer = transport().call(call({ signal: controller.signal }));
      await until(() => server().calls.length > before);
      controller.abort(reason);
      await expect(answer).rejects.toBe(reason);
      await until(() => served().isCut());
    });

    test('an abort in mid-stream, silent or not, fails the body with its reason and reaches the server every time [RT-2]', async () => {
      for (let round = 0; round < 20; round += 1) {
        server().answer((res) => {
          res.write('data: 1\n\n');
          if (round % 2 === 1) return;
          const talk = setInterval(() => res.write('data: 2\n\n'), 5);
          res.once('close', () => {
            clearInterval(talk);
          });
        });
        const controller = new AbortController();
        const { body } = await transport().call(call({ signal: controller.signal }));
        const pieces = piecesOf(body);
        await pieces.next();
        controller.abort(reason);
        await expect(readAll(pieces)).rejects.toBe(reason);
        await until(() => served().isCut());
      }
    });

    test('a reader that gives up ends the call [RT-2]', async () => {
      server().answer((res) => res.write('data: 1\n\n'));
      (await transport().call(call())).body.cancel();
      await until(() => served().isCut());
    });

    test('other calls outlive one that was given up before its head [RT-2]', async () => {
      let finish: () => void = () => undefined;
      server().answer((res) => {
        res.write('first');
        finish = () => res.end(' and last');
      });
      const { body } = await transport().call(call());
      const before = server().calls.length;
      server().answer(() => undefined);
      const controller = new AbortController();
      const hanging = transport().call(call({ signal: controller.signal }));
      await until(() => server().calls.length > before);
      controller.abort(reason);
      await expect(hanging).rejects.toBe(reason);
      finish();
      expect((await readAll(body)).toString()).toBe('first and last');
      await until(() => served().isCut());
      server().answer((res) => res.end('again'));
      expect((await readAll((await transport().call(call())).body)).toString()).toBe('again');
    });
  });

  describe('what goes wrong', () => {
    const broken = { code: 'stream_incomplete' };

    test('a cut connection and an answer shorter than it said are incomplete [RT-2]', async () => {
      for (const length of [undefined, 100]) {
        server().answer((res) => {
          if (length !== undefined) res.setHeader('content-length', length);
          res.write('half');
        });
        const pieces = piecesOf((await transport().call(call())).body);
        expect(String((await pieces.next()).value)).toBe('half');
        if (length === undefined) served().cut();
        else served().socket.destroy();
        await expect(readAll(pieces)).rejects.toMatchObject(broken);
      }
    });

    test('a reset before the head is unreachable, and the call is not made again [RT-2]', async () => {
      const before = server().calls.length;
      server().answer((_res, seen) => {
        seen.cut();
      });
      await expect(transport().call(call())).rejects.toMatchObject({ code: 'upstream_unreachable' });
      expect(server().calls.length).toBe(before + 1);
    });

    test('a port where nobody listens is unreachable [RT-2]', async () => {
      const url = new URL(`${scheme}://127.0.0.1:${await sparePort()}/`);
      await expect(transport().call(call({ url }))).rejects.toMatchObject({
        code: 'upstream_unreachable',
        message: expect.stringMatching(/^127\.0\.0\.1:\d+ could not be reached: .*(?:ECONN|Conn)/),
      });
    });

    test('a head that does not come in time is a timeout, and the server hears of it [RT-2]', async () => {
      const hasty = create({ headersMs: 300 });
      server().answer(() => undefined);
      await expect(hasty.call(call())).rejects.toMatchObject({ code: 'upstream_timeout' });
      await until(() => served().isCut());
      await hasty.close();
    });

    test('a stream that stays silent is incomplete, and the server hears of it [RT-2]', async () => {
      const hasty = create({ idleMs: 300 });
      server().answer((res) => res.write('half'));
      const { body } = await hasty.call(call());
      await expect(readAll(body)).rejects.toMatchObject(broken);
      await until(() => served().isCut());
      await hasty.close();
    });
  });

  test('an upstream faster than its reader is not read, nothing is lost, and a pause is no silence [RT-2]', async () => {
    const piece = randomBytes(1 << 20);
    const pieces = 64;
    let written = 0;
    server().answer((res) => {
      const writeOn = (): void => {
        while (written < pieces) {
          written += 1;
          if (res.write(piece)) continue;
          res.once('drain', writeOn);
          return;
        }
        res.end();
      };
      writeOn();
    });
    // Longer than a busy machine keeps a process waiting.
    const idleMs = 1_200;
    const patient = create({ idleMs });
    const { body } = await patient.call(call());
    let before = -1;
    let isFirst = true;
    const read = createHash('sha256');
    for await (const chunk of body) {
      read.update(chunk);
      if (!isFirst) continue;
      isFirst = false;
      while (before !== written) {
        before = written;
        await sleep(2 * idleMs);
      }
      expect(written).toBeLessThan(pieces / 2);
    }
    const sent = createHash('sha256');
    for (let i = 0; i < pieces; i += 1) sent.update(piece);
    expect(read.digest('hex')).toBe(sent.digest('hex'));
    await patient.close();
  });

  test('closing lets a running call end, leaves no connection and takes no further call [RT-2]', async () => {
    const closing = create();
    let finish: () => void = () => undefined;
    server().answer((res) => {
      res.write('first');
      finish = () => res.end(' and last');
    });
    const { body } = await closing.call(call());
    const { socket } = served();
    const closed = closing.close();
    await expect(closing.call(call())).rejects.toMatchObject({ code: 'upstream_unreachable' });
    finish();
    expect((await readAll(body)).toString()).toBe('first and last');
    await closed;
    await until(() => socket.destroyed);
  });
});
