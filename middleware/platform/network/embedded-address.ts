/** How addresses of IPv6 carry those of IPv4: the first bytes of such an address, and where in it they stand. */
const embeddings: readonly (readonly [prefix: readonly number[], ...places: readonly Place[]])[] = [
  // Mapped (::ffff:0:0/96), translated (::ffff:0:0:0/96) and compatible (::/96): RFC 4291, 2765.
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], { at: 12 }],
  [[0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0], { at: 12 }],
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], { at: 12 }],
  // NAT64: RFC 6052, and of one's own network RFC 8215.
  [[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], { at: 12 }],
  [[0, 0x64, 0xff, 0x9b, 0, 1, 0, 0, 0, 0, 0, 0], { at: 12 }],
  // 6to4: RFC 3056.
  [[0x20, 0x02], { at: 2 }],
  // Teredo has its server and, inverted, its client: RFC 4380.
  [[0x20, 0x01, 0, 0], { at: 4 }, { at: 12, isInverted: true }],
];

interface Place {
  readonly at: number;
  readonly isInverted?: boolean;
}

/** The addresses of IPv4 that an address of IPv6 stands for. */
export function embeddedIn(address: string): readonly string[] {
  const bytes = bytesOf(address);
  const found = embeddings.find(([prefix]) => prefix.every((byte, index) => byte === bytes[index]));
  const [, ...places] = found ?? [[]];
  return places.map(({ at, isInverted = false }) =>
    bytes
      .slice(at, at + 4)
      .map((byte) => (isInverted ? byte ^ 0xff : byte))
      .join('.'),
  );
}

function bytesOf(address: string): readonly number[] {
  // The one form that a URL gives to all ways of writing it; a zone has no place there.
  const written = new URL(`http://[${address.split('%', 1).join('')}]/`).hostname.slice(1, -1);
  const [head = [], tail] = written.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array<string>(8 - head.length - (tail?.length ?? 0)).fill('0');
  return [...head, ...(tail === undefined ? [] : zeros), ...(tail ?? [])].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
