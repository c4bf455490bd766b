import { codeSpan } from './code-markdown.ts';
import { durationText } from './duration-text.ts';
import { objectAt, objectsAt, textAt, textsAt, type Health } from './health-members.ts';

const shownModels = 30;

/** How the middleware and the tiers behind it are, one line of Markdown each. */
export function tierLines(health: Health): readonly string[] {
  const litellm = objectAt(health, 'litellm');
  const chatgpt = objectAt(health, 'chatgpt');
  const uptime = health['uptimeSeconds'];
  return [
    ...(typeof uptime === 'number' ? [`- Up for: ${durationText(uptime * 1_000)}`] : []),
    `- LiteLLM: ${litellmText(litellm)}`,
    `- Models: ${modelsText([...textsAt(litellm, 'models'), ...textsAt(objectAt(health, 'codex'), 'models')])}`,
    `- ChatGPT login: ${chatgpt['enabled'] === true ? `on, transport ${textAt(chatgpt, 'transport') ?? 'unknown'}` : 'off'}`,
    `- While LiteLLM is down: ${providersText(health)}`,
    ...textsAt(litellm, 'warnings').map((warning) => `- **Warning:** ${warning}`),
  ];
}

function litellmText(litellm: Health): string {
  const state = textAt(litellm, 'state') ?? 'unknown';
  const url = textAt(litellm, 'url');
  const reason = textAt(litellm, 'reason');
  return [
    state,
    ...(url === undefined ? [] : [`at ${codeSpan(url)}`]),
    ...(reason === undefined ? [] : [`(${reason})`]),
    `with its circuit breaker ${textAt(litellm, 'breaker') ?? 'unknown'}`,
  ].join(' ');
}

function modelsText(models: readonly string[]): string {
  if (models.length === 0) return 'none';
  const more = models.length > shownModels ? ` and ${models.length - shownModels} more` : '';
  return `${models
    .slice(0, shownModels)
    .map((model) => codeSpan(model))
    .join(', ')}${more}`;
}

function providersText(health: Health): string {
  const providers = objectsAt(health, 'providers').map(
    (provider) => `${textAt(provider, 'name') ?? 'unknown'}${provider['hasKey'] === true ? '' : ' (no key)'}`,
  );
  return providers.length === 0 ? 'no provider is called directly' : providers.join(', ');
}
