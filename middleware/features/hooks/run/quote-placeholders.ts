/**
 * Turns `$tool` and `$file` of a short-form command into references to environment variables that a shell expands
 * wherever they stand: also between single quotes, as in `echo 'Writing to: $file'`. The values themselves never become
 * part of the command, so a file name cannot end a quotation and start another command.
 */
export function quotePlaceholders(command: string): string {
  let quoted = '';
  let quote: Quote = 'none';
  for (const [piece] of command.matchAll(pieces)) {
    quoted += piece.startsWith('$') ? reference(piece, quote) : piece;
    quote = after(quote, piece);
  }
  return quoted;
}

type Quote = 'none' | 'single' | 'double';

/** A placeholder, a backslash with its character, or any one character. */
const pieces = /\$(?:tool|file)(?![A-Za-z0-9_])|\$\{(?:tool|file)\}|\\.|./gs;

function reference(placeholder: string, quote: Quote): string {
  if (placeholder === '$') return placeholder;
  const name = placeholder.replaceAll(/[${}]/g, '');
  switch (quote) {
    case 'single':
      return `'"\${${name}}"'`;
    case 'double':
      return `\${${name}}`;
    case 'none':
      // One word, whatever is in it; no word where there is no value.
      return `\${${name}:+"\${${name}}"}`;
  }
}

function after(quote: Quote, piece: string): Quote {
  if (piece === "'") return quote === 'double' ? quote : quote === 'single' ? 'none' : 'single';
  if (piece === '"') return quote === 'single' ? quote : quote === 'double' ? 'none' : 'double';
  // A backslash is an ordinary character between single quotes, and what follows it may end them.
  return quote === 'single' && piece === "\\'" ? 'none' : quote;
}
