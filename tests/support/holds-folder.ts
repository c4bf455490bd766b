import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OwnFolder } from '../../middleware/platform/store/own-folder.ts';

// `holds-folder.ts PARENT`: takes a folder, writes a file into it, tells its path and stays.

const folder = new OwnFolder(process.argv[2] ?? '');
await folder.take();
writeFileSync(join(folder.path, 'left'), '');
process.stdout.write(folder.path);
// Its lock goes with it.
setInterval(() => folder.path, 60_000);
