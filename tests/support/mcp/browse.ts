/**
 * A browser: goes where it is sent, with its cookies; resolves with the text of the last page, or with the address at which it
 * is to stop.
 */
export async function browse(link: URL, isEnd = (_: URL): boolean => false): Promise<string> {
  const cookies = new Map<string, string>();
  let url = link;
  for (let steps = 0; steps < 20; steps += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) return await answer.text();
    await answer.body?.cancel();
    url = new URL(next, url);
    if (isEnd(url)) return url.href;
  }
  throw new Error('the browser was sent on and on');
}
