import {
  answers,
  answersTo,
  call,
  greet,
  speaks,
  text,
  type RecordedConversation,
} from './recorded-conversation.ts';

const skill =
  '<skill>\n<name>fix</name>\n<path>/x/SKILL.md</path>\n---\nname: fix\n---\n<!-- codex-plus command -->\ncommand: fix\n</skill>';

export const ofCommands: readonly RecordedConversation[] = [
  {
    name: 'commands',
    hold: async (talk, bench) => {
      await bench.file('home/.claude/commands/fix.md', 'Fix issue $0 ($ARGUMENTS).');
      await bench.file('home/.claude/commands/deep.md', '---\nmodel: gpt-4\neffort: high\n---\nThink.');
      answersTo(bench, { Think: [call('ls', 'c1')] });
      await talk.say('/fix 12 now');
      await talk.again();
      await talk.say('/deep', { before: '<system-reminder>mind</system-reminder>' });
      await talk.output('c1', 'files');
      await talk.say('thanks');
      await talk.say('/fix 13');
      talk.goBack();
      await talk.say('/fix 14');
    },
  },
  {
    name: 'built-in commands',
    hold: async (talk, bench) => {
      await bench.file('home/.claude/commands/fix.md', 'Fix $0.');
      answersTo(bench, { 'Fix 1.': [text('Fixed.')] });
      await talk.say('/mcp list');
      await talk.again();
      await talk.say('hi');
      await talk.say('/mcp nothing');
      await talk.say('/fix 1');
      await talk.say('/mcp list');
      await talk.say('bye');
    },
  },
  {
    name: 'skills of commands',
    only: ['codex', 'responses'],
    hold: async (talk, bench) => {
      answersTo(bench);
      await bench.file('home/.claude/commands/fix.md', 'Fix $0.');
      talk.add('$fix 7');
      talk.add(skill);
      await talk.send();
      await talk.say('more');
      talk.add('$gone 7');
      talk.add(skill.replaceAll('fix', 'gone'));
      await talk.send();
      await talk.say('and more');
    },
  },
  {
    name: 'references in prompts',
    variables: { CODEX_PLUS_COMMAND_REFERENCES: 'prompts' },
    hold: async (talk, bench) => {
      answersTo(bench);
      await bench.file('project/b.txt', 'beta');
      await bench.hooks({ UserPromptSubmit: speaks });
      await talk.say('See @b.txt');
      await talk.again();
      await talk.say('and @gone.txt');
    },
  },
  ...answers.map((answer): RecordedConversation => ({
    name: `question about a command answered ${answer.replace('?', '')}`,
    hold: async (talk, bench) => {
      await bench.file('project/.claude/commands/greet.md', greet);
      answersTo(bench, { Said: [text('Greeted.')] });
      await talk.say('hi');
      await talk.say('/greet you');
      await talk.again();
      await talk.say(answer);
      await talk.again();
      await talk.say('thanks');
      talk.goBack();
      await talk.say('more');
    },
  })),
];
