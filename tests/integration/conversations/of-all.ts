import { contextOf } from '../../support/hook-bench.ts';
import {
  answers,
  answersTo,
  call,
  greet,
  ofProject,
  settings,
  speaks,
  text,
  type RecordedConversation,
} from './recorded-conversation.ts';

/** All of it in one conversation. */
export const ofAll: readonly RecordedConversation[] = answers.map((answer) => ({
  name: `everything with answers ${answer.replace('?', '')}`,
  hold: async (talk, bench) => {
    await bench.file('project/.claude/commands/greet.md', greet);
    await bench.file('home/.claude/commands/fix.md', 'Fix $0.');
    await bench.hooks({ UserPromptSubmit: speaks }, ofProject);
    await bench.hooks({ PostToolUse: `echo '${contextOf('PostToolUse', 'well done')}'` }, settings, {
      permissions: { deny: ['mv'], ask: ['rm'] },
    });
    answersTo(bench, {
      'clean up': [call('mv', 'c2'), call('rm', 'c3')],
      'Fix 1.': [text('Fixing.'), call('mv', 'c1')],
    });
    talk.note('the command asks, then the hooks of the project');
    await talk.say('/greet you');
    await talk.say(answer);
    if (talk.namesItems) await talk.again();
    await talk.say(answer);
    if (talk.namesItems) await talk.again();
    talk.note('a call that is refused, one that is asked about');
    await talk.say('/fix 1');
    await talk.say('/mcp list');
    await talk.say('clean up');
    await talk.again();
    await talk.say(answer);
    if (answer === 'y' || answer === 'always') await talk.output('c3', 'gone');
    talk.note('later');
    await talk.say('thanks');
    await talk.say('/greet me');
    await talk.say(answer);
    await talk.say('bye');
  },
}));
