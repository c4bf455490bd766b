/** What came is no HTTP/1.1 as it has to be; the codes are those of llhttp, which Node and undici read with. */
export class NotHttp extends Error {
  readonly code: `HPE_${string}`;

  constructor(code: `HPE_${string}`, message: string) {
    super(message);
    this.name = 'NotHttp';
    this.code = code;
  }
}
