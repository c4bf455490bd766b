import { expect, test } from '@jest/globals';
import { quotePlaceholders } from '../../../middleware/features/hooks/run/quote-placeholders.ts';

test.each([
  ['echo hello', 'echo hello'],
  ['prettier --write $file', 'prettier --write ${file:+"${file}"}'],
  ['echo ${tool}', 'echo ${tool:+"${tool}"}'],
  ['echo "$tool: $file"', 'echo "${tool}: ${file}"'],
  ["echo 'Writing to: $file' >> log", `echo 'Writing to: '"\${file}"'' >> log`],
  ["notify-send 'Tool completed: $tool'", `notify-send 'Tool completed: '"\${tool}"''`],
  [`echo "it's $file"`, `echo "it's \${file}"`],
  [`echo 'say "$file"'`, `echo 'say "'"\${file}"'"'`],
  [`echo \\'$file`, `echo \\'\${file:+"\${file}"}`],
  [`echo 'a\\'$file`, `echo 'a\\'\${file:+"\${file}"}`],
  ['echo \\$file "\\$file"', 'echo \\$file "\\$file"'],
  ['echo $files $toolbox ${file_x} $1 $HOME', 'echo $files $toolbox ${file_x} $1 $HOME'],
])('%j is run as %j [HK-1]', (command, quoted) => {
  expect(quotePlaceholders(command)).toBe(quoted);
});
