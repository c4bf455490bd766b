import { isServerKept } from '../../features/mcp/contents/server-kept.ts';
import type { McpServers } from '../../features/mcp/mcp-servers.ts';
import { withCallSign } from '../../features/commands/help/call-sign.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { NotesQuestion } from './server-notes.ts';
import { createToldNotes } from './told-notes.ts';

/** Which conversations were told that a server wants its user to sign in: once, and again only after somebody did so. */
export class LoginNotes {
  readonly #servers: Pick<McpServers, 'failedStateOf' | 'logins'>;
  readonly #told = createToldNotes();

  constructor(servers: Pick<McpServers, 'failedStateOf' | 'logins'>) {
    this.#servers = servers;
  }

  /** What a conversation is to hear now, and was not told before. */
  async tell(
    exchange: Pick<Exchange, 'client' | 'turn'>,
    { key, place, names }: NotesQuestion,
  ): Promise<readonly string[]> {
    const wanting = this.#wanting({ place, names });
    const before = this.#told.get(key) ?? [];
    if (before.length === 0 && wanting.length === 0) return [];
    const told = await this.#stillTold(before, { place, names });
    const news = wanting.filter(({ name }) => !told.includes(name));
    this.#told.set(key, [...told, ...news.map(({ name }) => name)]);
    return news.map(({ why }) => sentenceOf(withCallSign(why, exchange)));
  }

  /** All that is so now, for a program that is told nothing in its answers. */
  now(exchange: Pick<Exchange, 'client' | 'turn'>, question: Omit<NotesQuestion, 'key'>): readonly string[] {
    return this.#wanting(question).map(({ why }) => sentenceOf(withCallSign(why, exchange)));
  }

  #wanting({
    place,
    names,
  }: Omit<NotesQuestion, 'key'>): readonly { readonly name: string; readonly why: string }[] {
    return names.flatMap((name) => {
      const state = this.#servers.failedStateOf(name, place.project);
      const isWanting = state?.wantsLogin === true && !isServerKept(name, place.project);
      return isWanting ? [{ name, why: state.lastError ?? '' }] : [];
    });
  }

  /** Those at which nobody signed in since: that a server failed in another way meanwhile says nothing of it. */
  async #stillTold(
    told: readonly string[],
    { place, names }: Pick<NotesQuestion, 'place' | 'names'>,
  ): Promise<readonly string[]> {
    const states = await Promise.all(
      told
        .filter((name) => names.includes(name))
        .map(async (name) => {
          const login = await this.#servers.logins.stateOf(name, place).catch(() => undefined);
          return { name, isOver: login?.isSignedIn === true && login.wants === undefined };
        }),
    );
    return states.filter(({ isOver }) => !isOver).map(({ name }) => name);
  }
}

function sentenceOf(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
