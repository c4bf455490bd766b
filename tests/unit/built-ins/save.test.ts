import { describe, expect, test } from '@jest/globals';
import type { BuiltInContext } from '../../../middleware/features/built-ins/built-in-context.ts';
import { save } from '../../../middleware/features/built-ins/save.ts';
import { builtInContext } from '../../support/built-in-context.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

const said = (role: string, text: string): object => ({
  type: 'message',
  role,
  content: [{ type: role === 'assistant' ? 'output_text' : 'input_text', text }],
});
const talk = [
  said('developer', 'You are Codex.'),
  said('user', '<environment_context>\n<cwd>/home/ada/shop</cwd>'),
  said('user', 'Why does it fail? My key is sk-ant-made-up-made-up.'),
  { type: 'reasoning', summary: [] },
  { type: 'function_call', name: 'exec_command', arguments: '{"cmd":"cat a.md"}' },
  { type: 'function_call_output', output: '```sh\nBearer made.up.made.up\n```\n' },
  said('assistant', 'It misses a key.'),
];
const asking = [...talk, said('user', '/save')];
const exchange = exchangeWith({ body: { model: 'gpt-5', stream: true, input: asking } });

interface Written {
  readonly folder: string;
  readonly name: string;
  readonly text: string;
}

async function saved(
  args: string,
  parts: Partial<BuiltInContext> = {},
): Promise<{ readonly answer: string; readonly written: readonly Written[] }> {
  const written: Written[] = [];
  const context = builtInContext({
    exchange,
    createFileWithin: (folder, name, text) => {
      written.push({ folder, name, text });
      return Promise.resolve({ kind: 'created', file: `${folder}/${name}` });
    },
    ...parts,
  });
  return { answer: await save(args, context), written };
}

describe('/save', () => {
  test('leaves out what was typed behind /mcp, what servers asked, and what was answered [CMD-4] [SEC-3] [MCP-2]', async () => {
    const question =
      'MCP server "one" (tool ask) asks:\n\n    Which account?\n\nWhat you answer goes to this server, and not to the model. No password or key should be asked for here.';
    const input = [
      ...[said('user', '$mcp add db -e A=hunter1 -- node x'), said('assistant', 'Added `node hunter1`.')],
      ...[
        said('user', 'go'),
        said('assistant', question),
        said('user', 'hunter2'),
        said('assistant', 'Done.'),
      ],
      said('user', '/save'),
    ];
    const { written } = await saved('notes.md', {
      exchange: exchangeWith({ body: { model: 'gpt-5', input } }),
      askedQuestions: { known: () => Promise.resolve((text) => text === question) },
    });
    const [{ text } = { text: '' }] = written;
    expect(text).not.toMatch(/hunter|account/);
    expect(text).toMatch(
      /\$mcp add \[redacted\].*answered is not shown.*asked the user something.*\[not shown\].*Done\./s,
    );
  });

  test('writes what was said and done before it, secrets left out [CMD-4] [SEC-3]', async () => {
    const { answer, written } = await saved('notes.md');
    expect(answer).toBe(
      'Saved to `/home/ada/shop/notes.md`: 2 messages and 1 tool call, secrets left out.\n',
    );
    expect(written).toEqual([
      {
        folder: '/home/ada/shop',
        name: 'notes.md',
        text: [
          '# Conversation\n',
          '- Saved: 2026-11-24T22:48:01.000Z',
          '- Session: `session-1`',
          '- Workspace: `/home/ada/shop`',
          '- Model: `gpt-5`\n',
          '## User\n',
          'Why does it fail? My key is [redacted:anthropic-key].\n',
          '### Tool call: `exec_command`\n',
          '```\n{"cmd":"cat a.md"}\n```\n',
          '### Tool output\n',
          '````\n```sh\n[redacted:credential]\n```\n````\n',
          '## Assistant\n',
          'It misses a key.\n',
        ].join('\n'),
      },
    ]);
  });

  test('without a name the file is called after the session and the time [CMD-4]', async () => {
    const { written } = await saved('', { session: '../a b/c:d' });
    expect(written.map(({ name }) => name)).toEqual(['codex-plus--a-b-c-d-2026-11-24T22-48-01.md']);
  });

  test('a name may have spaces, in quotes [CMD-4]', async () => {
    const { written } = await saved('"my notes.md"');
    expect(written.map(({ name }) => name)).toEqual(['my notes.md']);
  });

  test('a caller with a key gets no file written, nor one whose folder is not known [CMD-4]', async () => {
    const stranger = await saved('', { exchange: { ...exchange, caller: { kind: 'key' } } });
    expect(stranger).toEqual({
      answer: 'Only whoever runs this may have files written.\n',
      written: [],
    });
    const nowhere = await saved('', { snapshot: undefined });
    expect(nowhere.answer).toMatch(/^No folder is known/);
    expect(nowhere.written).toEqual([]);
  });

  test('where nothing was said, nothing is written [CMD-4]', async () => {
    const first = exchangeWith({ body: { model: 'gpt-5', input: [asking[0], asking[1], asking.at(-1)] } });
    expect(await saved('', { exchange: first })).toEqual({
      answer: 'Nothing was said yet, so nothing was saved.\n',
      written: [],
    });
  });

  test('why a file was not written is told [CMD-4]', async () => {
    const { answer } = await saved('../x.md', {
      createFileWithin: () => Promise.resolve({ kind: 'refused', reason: 'is not in the workspace' }),
    });
    expect(answer).toBe('Nothing was saved: `../x.md` is not in the workspace.\n');
  });
});
