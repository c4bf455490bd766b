/** What stands in all of the lists, in the order of the first. */
export function takenByAll([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  return first.filter((value) => others.every((list) => list.includes(value)));
}
