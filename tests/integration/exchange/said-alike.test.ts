import { describe, expect, test } from '@jest/globals';
import { callCases } from '../../support/call-clients.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

/** What a hook says to prompts: each of these once, in turn. */
async function hookSays(...texts: readonly string[]): Promise<void> {
  await bench.file('texts', texts.map((text) => `${text}\n`).join(''));
  const file = `${bench.folder}/texts`;
  await bench.hooks({ UserPromptSubmit: `head -n 1 ${file} && sed -i 1d ${file}` });
}

describe.each(callCases)('%s (client %i, streamed: %s)', (_, which, stream) => {
  test.each([{ says: ['one', ''] }, { says: ['one', 'two'] }, { says: ['', 'two'] }])(
    'a conversation with the words of another one has what hooks say to it: $says [HK-1]',
    async ({ says }) => {
      await hookSays(...says);
      bench.answers([{ kind: 'text', text: 'Hello.' }]);
      for (const said of says) {
        await bench.client(which).tell([['user', 'hi']], stream);
        const model = JSON.stringify(bench.sent(-1));
        for (const word of ['one', 'two']) expect(model.includes(word)).toBe(word === said);
      }
    },
  );
});
