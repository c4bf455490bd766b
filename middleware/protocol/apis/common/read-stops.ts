import { isText } from './read-event.ts';

/** Texts at which an answer stops: one, or a list of them. */
export function readStops(stop: unknown): readonly string[] | undefined {
  const stops = (Array.isArray(stop) ? (stop as unknown[]) : [stop]).filter(isText);
  return stops.length === 0 ? undefined : stops;
}
