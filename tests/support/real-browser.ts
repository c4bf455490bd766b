import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { launch, type Browser } from 'puppeteer-core';
import { rootDir } from './compose-middleware.ts';

const packed = join(rootDir, 'node_modules/@sparticuz/chromium/bin/chromium.br');

/** Whether the Chromium of the package runs here. */
export const hasRealBrowser = process.platform === 'linux' && process.arch === 'x64';

/** Starts Chromium without a window, unpacked into a folder of the test's. It finds this machine and no other. */
export async function startRealBrowser(folder: string): Promise<Browser> {
  // The package would unpack it into the system's temporary folder, and take whatever program has its name there.
  const executablePath = join(folder, 'chromium');
  await pipeline(
    createReadStream(packed),
    createBrotliDecompress(),
    createWriteStream(executablePath, { mode: 0o755 }),
  );
  return await launch({
    executablePath,
    headless: 'shell',
    userDataDir: join(folder, 'profile'),
    args: [
      // Its own sandbox does not start for root, and not where systems allow no user namespaces.
      '--no-sandbox',
      '--disable-gpu',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  });
}
