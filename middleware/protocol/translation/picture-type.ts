/** The first bytes of the formats that providers take, in base64 as far as it is settled by them. */
const beginnings: readonly (readonly [prefix: string, type: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
];

/** The format of a picture by its own bytes: PNG, JPEG, GIF or WebP; `undefined` for any other. */
export function pictureType(base64: string): string | undefined {
  const known = beginnings.find(([prefix]) => base64.startsWith(prefix));
  if (known !== undefined) return known[1];
  const head = Buffer.from(base64.slice(0, 16), 'base64').toString('latin1');
  return head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP' ? 'image/webp' : undefined;
}
