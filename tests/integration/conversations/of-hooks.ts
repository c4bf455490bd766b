import { contextOf } from '../../support/hook-bench.ts';
import {
  answers,
  answersTo,
  call,
  ofProject,
  speaks,
  text,
  type RecordedConversation,
} from './recorded-conversation.ts';

export const ofHooks: readonly RecordedConversation[] = [
  {
    name: 'contexts of hooks',
    hold: async (talk, bench) => {
      const start = {
        hookEventName: 'SessionStart',
        initialUserMessage: 'read the notes',
        additionalContext: 'be brief',
      };
      await bench.hooks({
        SessionStart: `echo '${JSON.stringify({ hookSpecificOutput: start })}'`,
        UserPromptSubmit: speaks,
        PostToolUse: `echo '${contextOf('PostToolUse', 'well done')}'`,
      });
      answersTo(bench, { more: [text('Listed.')], files: [call('ls', 'c2')], list: [call('ls', 'c1')] });
      await talk.say('list');
      await talk.again();
      await talk.output('c1', 'files');
      await talk.output('c2', 'more files');
      await talk.say('thanks');
      await talk.say('more', { before: '<system-reminder>mind</system-reminder>' });
    },
  },
  {
    name: 'outputs that hooks change',
    hold: async (talk, bench) => {
      const changed = { hookEventName: 'PostToolUse', updatedToolOutput: { output: 'hidden' } };
      await bench.hooks({ PostToolUse: `echo '${JSON.stringify({ hookSpecificOutput: changed })}'` });
      answersTo(bench, { list: [call('ls', 'c1')] });
      await talk.say('list');
      await talk.output('c1', 'sk-secret');
      await talk.again();
      await talk.say('thanks');
    },
  },
  {
    name: 'prompts that scripts replace',
    hold: async (talk, bench) => {
      answersTo(bench);
      await bench.file('home/.claude/hooks/pre_input.sh', 'tr a-z A-Z');
      await bench.file('home/.claude/commands/fix.md', 'Fix $0.');
      await talk.say('hi there');
      await talk.again();
      await talk.say('/fix 1');
      await talk.say('more', { before: '<system-reminder>mind</system-reminder>' });
    },
  },
  {
    name: 'prompts that hooks refuse',
    hold: async (talk, bench) => {
      answersTo(bench);
      const refuses = 'if grep -q \'"prompt":"bad"\'; then echo "not that" >&2; exit 2; fi';
      await bench.hooks({ UserPromptSubmit: refuses });
      await talk.say('hi');
      await talk.say('bad');
      await talk.again();
      await talk.say('good');
      await talk.say('bad');
      talk.goBack();
      await talk.say('better');
    },
  },
  {
    name: 'turns that hooks end',
    hold: async (talk, bench) => {
      const ends = `if grep -q enough; then echo '{"continue":false,"stopReason":"It is enough."}'; fi`;
      await bench.hooks({ UserPromptSubmit: ends, PostToolUse: ends });
      answersTo(bench, { list: [call('ls', 'c1')] });
      await talk.say('list');
      await talk.output('c1', 'enough files');
      await talk.say('enough');
      await talk.again();
      await talk.say('more');
    },
  },
  {
    name: 'a compaction and a subagent',
    only: ['codex'],
    hold: async (talk, bench) => {
      answersTo(bench);
      await bench.hooks({
        PreCompact: 'echo keep the names',
        SessionStart: 'echo started',
        SubagentStart: `echo '${contextOf('SubagentStart', 'be quick')}'`,
      });
      await talk.say('hi');
      talk.metadata = { request_kind: 'compaction', compaction: { trigger: 'manual' } };
      await talk.say('summarize');
      await talk.again();
      talk.metadata = { thread_source: 'subagent', thread_id: 't2', subagent_kind: 'collab_spawn' };
      talk.items = [];
      await talk.say('do it');
      await talk.again();
      talk.metadata = {};
      talk.items = [];
      await talk.say('go on');
    },
  },
  ...answers.map((answer): RecordedConversation => ({
    name: `question about hooks answered ${answer.replace('?', '')}`,
    hold: async (talk, bench) => {
      answersTo(bench);
      await bench.hooks({ UserPromptSubmit: speaks }, ofProject);
      await talk.say('hi');
      await talk.again();
      await talk.say(answer);
      await talk.again();
      await talk.say('thanks');
      talk.goBack();
      await talk.say('more');
    },
  })),
];
