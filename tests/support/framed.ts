/** The frames of events: the name of each, where its API has one, and its data. */
export function framed(
  events: readonly (readonly [event: string | undefined, data: string])[],
): readonly string[] {
  return events.map(([event, data]) => `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`);
}
