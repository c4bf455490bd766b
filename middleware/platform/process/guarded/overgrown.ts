import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';

interface Growth {
  /** How deep the project could be looked into before. */
  readonly wholeTo: number;
  /** Where the folders are, from the project. */
  readonly folder: string;
}

/** Projects that are remembered. */
const maxProjects = 1_000;

/** The projects in which a run made more folders than can be looked through, which turns the guards off there. */
class Overgrown {
  readonly #growths = new BoundedMap<string, Growth>(maxProjects);

  add(workspace: string, growth: Growth): void {
    const { wholeTo = -Infinity } = this.#growths.get(workspace) ?? {};
    if (growth.wholeTo > wholeTo) this.#growths.set(workspace, growth);
  }

  /** Where they are, as long as the project can be looked into no deeper than this, and could be before. */
  folderIn(workspace: string, wholeTo: number): string | undefined {
    const growth = this.#growths.get(workspace);
    if (growth === undefined) return undefined;
    if (wholeTo < growth.wholeTo) return growth.folder;
    this.#growths.delete(workspace);
    return undefined;
  }
}

export const overgrown = new Overgrown();
