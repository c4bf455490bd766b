const maxLines = 3;
const tells =
  /error\b|exception|cannot|can't|could not|not found|no such|no module|failed|fatal|denied|missing|invalid/i;
/** Frames of stacks, and what stands alone in reports of errors. */
const tellsNothing = /^(?:at .*|[{}^\s]*|Node\.js v[\d.]+|npm error(?: \d+)?)$/;

/** Of what a program wrote before it ended, the few lines that say why: the first that look like errors, else the last. */
export function tellingLines(text: string): readonly string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !tellsNothing.test(line));
  const errors = lines.filter((line) => tells.test(line));
  return errors.length > 0 ? errors.slice(0, maxLines) : lines.slice(-maxLines);
}
