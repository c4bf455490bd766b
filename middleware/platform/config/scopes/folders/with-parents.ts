import { dirname } from 'node:path';

/** A folder and every folder above it, the nearest first. */
export function withParents(folder: string): readonly string[] {
  const folders = [folder];
  for (let parent = dirname(folder); parent !== folders.at(-1); parent = dirname(parent))
    folders.push(parent);
  return folders;
}
