import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';
import { RecordedTalk, talkers } from '../../support/recorded-talk.ts';
import { useWholeBench } from '../../support/whole-bench.ts';
import { conversations } from './conversations.ts';

const bench = useWholeBench();

/** `CODEX_PLUS_RECORD=1` writes what is seen, in place of a comparison. */
const isRecording = process.env['CODEX_PLUS_RECORD'] !== undefined;

describe.each(talkers)(
  'what a model gets of a conversation by %s is, byte for byte, what it always got:',
  (talker) => {
    test.each(conversations.filter(({ only }) => only?.includes(talker) ?? true))(
      '$name [PX-2]',
      async ({ name, variables, hold }) => {
        if (variables !== undefined) await bench.restart(variables);
        const talk = new RecordedTalk(bench, talker);
        await hold(talk, bench);
        const file = join(
          rootDir,
          'tests/fixtures/conversations',
          name.replaceAll(' ', '-'),
          `${talker}.txt`,
        );
        if (isRecording) {
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, talk.record);
        }
        expect(talk.record).toBe(readFileSync(file, 'utf8'));
      },
    );
  },
);
