// The process in which impit runs. Started without a channel it shows by its end that impit loads.
import { Impit } from 'impit';
import type { BrowserCall, FromBrowser, ToBrowser } from './browser-messages.ts';
import { ImpitCall } from './impit-call.ts';

/** impit's limit for a whole answer; it has no other, and takes no "never". */
const wholeAnswerMs = 3_600_000;

const clients = new Map<string | undefined, Impit>();
const calls = new Map<number, ImpitCall>();

process.on('message', (message: ToBrowser) => {
  switch (message.kind) {
    case 'call':
      begin(message);
      break;
    case 'pause':
      calls.get(message.id)?.pause();
      break;
    case 'resume':
      calls.get(message.id)?.resume();
      break;
    case 'cancel':
      calls.get(message.id)?.cancel();
  }
});
process.on('disconnect', () => process.exit());
// Ctrl+C and service managers signal the whole group, and the middleware still has calls to finish: it ends this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

function begin(message: BrowserCall): void {
  const { id } = message;
  const call = new ImpitCall(id, tell);
  calls.set(id, call);
  void call.run(clientFor, message).finally(() => calls.delete(id));
}

function clientFor(proxyUrl: string | undefined): Impit {
  let client = clients.get(proxyUrl);
  if (client === undefined) {
    client = new Impit({
      browser: 'chrome142',
      followRedirects: false,
      // Otherwise it may send a request a second time, as no browser.
      vanillaFallback: false,
      timeout: wholeAnswerMs,
      ...(proxyUrl === undefined ? {} : { proxyUrl }),
    });
    clients.set(proxyUrl, client);
  }
  return client;
}

function tell(message: FromBrowser): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => {
      resolve();
    });
  });
}
