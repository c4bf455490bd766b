/** What to do, by what the installer's output speaks of. */
const advice: readonly (readonly [RegExp, string])[] = [
  [/No space left|disk quota/i, 'free some space: LiteLLM needs 0.6 GB'],
  [
    /ensurepip|No module named venv/i,
    "add Python's venv module (on Debian and Ubuntu: apt install python3-venv)",
  ],
  [/do(?:es)? not match the hash|hash mismatch/i, 'a file is not the locked one: check the package index'],
  [/Permission denied|EACCES|Read-only file system/i, 'make the folder litellm/.venv writable'],
  [/did not end within/i, 'check the network: the download takes too long'],
  [
    /failed to (?:resolve|fetch|connect|download)|\bdns\b|connection|timed? ?out|certificate|Temporary failure|unreachable|tunnel|Retrying/i,
    'check the network, or the settings of its proxy (HTTPS_PROXY) and of the package index',
  ],
  [/no wheel|no built|No matching distribution|not supported|--no-build/i, 'use Python 3.12'],
];

const maxLength = 300;

/** One line out of an installer's output: what went wrong, and what to do. */
export function installReason(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const errors = lines.filter((line) => /^(?:error|cause|caused by|×|╰)/i.test(line));
  const told = (errors.length > 0 ? errors.slice(-3) : lines.slice(-1)).join(' ').slice(0, maxLength);
  const known = advice.find(([pattern]) => pattern.test(output));
  return known === undefined ? told : `${told}; ${known[1]}`;
}
