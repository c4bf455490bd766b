import {
  answers,
  answersTo,
  call,
  greet,
  settings,
  settingsWith,
  text,
  type RecordedConversation,
} from './recorded-conversation.ts';

export const ofCalls: readonly RecordedConversation[] = [
  {
    name: 'refused calls',
    hold: async (talk, bench) => {
      await bench.file(settings, settingsWith({ deny: ['rm'] }));
      bench.answers(
        [text('I try.'), call('rm', 'c1')],
        [call('rm', 'c2'), call('ls', 'c3')],
        [text('Well.')],
        [call('rm', 'c4')],
        [text('Well.')],
      );
      await talk.say('clean up');
      await talk.output('c3', 'files');
      await talk.say('go on');
      await talk.say('go on');
      talk.goBack();
      await talk.say('bye');
    },
  },
  {
    name: 'refused calls in texts that a script changes',
    hold: async (talk, bench) => {
      await bench.file(settings, settingsWith({ deny: ['rm'], ask: ['mv'] }));
      await bench.file('home/.claude/hooks/post_output.sh', "sed 's/ /, /g'");
      bench.answers(
        [text('I try.'), call('rm', 'c1')],
        [text('Not so.')],
        [call('mv', 'c2')],
        [text('Moved.')],
      );
      await talk.say('clean up');
      await talk.say('move it');
      await talk.say('y');
      await talk.output('c2', 'moved');
      await talk.say('thanks');
    },
  },
  {
    name: 'a turn that a hook sends back to work',
    hold: async (talk, bench) => {
      await bench.hooks({
        Stop: `if grep -q '"stop_hook_active":false'; then echo "and the tests?" >&2; exit 2; fi`,
      });
      bench.answers([text('Done.')], [text('Tested.')], [text('Bye.')]);
      await talk.say('do it');
      await talk.say('thanks');
      await talk.say('bye');
    },
  },
  ...answers.map((answer): RecordedConversation => ({
    name: `question about a call answered ${answer.replace('?', '')}`,
    hold: async (talk, bench) => {
      await bench.file(settings, settingsWith({ ask: ['rm'], deny: ['mv'] }));
      answersTo(bench, { 'clean up': [text('I try.'), call('mv', 'c1'), call('rm', 'c2')] });
      await talk.say('clean up');
      await talk.say(answer, { before: '<system-reminder>mind</system-reminder>' });
      await talk.again();
      if (answer === 'y' || answer === 'always') await talk.output('c2', 'gone');
      await talk.say('thanks');
      talk.goBack();
      await talk.say('more');
    },
  })),
  {
    name: 'a question about a call answered anew',
    hold: async (talk, bench) => {
      await bench.file(settings, settingsWith({ ask: ['rm'] }));
      answersTo(bench, { 'clean up': [call('rm', 'c1')] });
      await talk.say('clean up');
      await talk.say('y');
      talk.goBack();
      await talk.say('n');
      talk.goBack();
      await talk.say('not now');
      talk.goBack();
      await talk.say('always');
      await talk.output('c1', 'gone');
    },
  },
  ...(['y', 'n', 'rather not'] as const).map((answer): RecordedConversation => ({
    name: `a chain of answers with questions answered ${answer}`,
    only: ['codex', 'responses'],
    hold: async (talk, bench) => {
      await bench.file(settings, settingsWith({ ask: ['rm'], deny: ['mv'] }));
      await bench.file('project/.claude/commands/greet.md', greet);
      answersTo(bench, { 'clean up': [call('mv', 'c1'), call('rm', 'c2')] });
      await talk.say('clean up');
      await talk.say(answer, { more: { previous_response_id: talk.answerId } });
      const said = talk.answerId;
      if (answer === 'y') {
        talk.items.push({ type: 'function_call_output', call_id: 'c2', output: 'gone' });
        await talk.send({ previous_response_id: said });
      }
      await talk.say('/greet you', { more: { previous_response_id: talk.answerId } });
      await talk.say(answer, { more: { previous_response_id: talk.answerId } });
      bench.forgive();
    },
  })),
];
