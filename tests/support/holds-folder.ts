import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OwnFolder } from '../../middleware/platform/store/own-folder.ts';

// `holds-folder.ts PARENT`: takes a folder, writes a file into it, tells its path and stays. It does so again when it is told anything.

const folder = new OwnFolder(process.argv[2] ?? '', console);
const leave = async (): Promise<void> => {
  await folder.makeWithin('left-');
  writeFileSync(join(folder.path, 'left'), '');
};
await folder.take();
await leave();
process.stdin.on('data', () => void leave());
process.stdout.write(folder.path);
// Its lock goes with it.
setInterval(() => folder.path, 60_000);
