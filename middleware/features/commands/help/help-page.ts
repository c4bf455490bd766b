import { Marked } from 'marked';
import { escapeHtml } from '../../../kernel/escape-html.ts';

/** Descriptions come from files of projects: their HTML is shown as text, and their links and pictures lead nowhere. */
const safe = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escapeHtml(text),
    link: ({ text }) => escapeHtml(text),
    image: ({ text }) => escapeHtml(text),
  },
});

/** The text of `/help` as a page for a browser: no script, nothing from elsewhere. */
export function helpPage(markdown: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Codex-Plus commands</title>',
    '<style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}code{background:#8882;padding:0 .2em}</style>',
    '</head>',
    '<body>',
    '<main>',
    '<h1>Codex-Plus commands</h1>',
    safe.parse(markdown, { async: false }),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
