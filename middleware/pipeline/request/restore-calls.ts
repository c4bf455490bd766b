import { addAll } from '../../kernel/bounds/add-all.ts';
import {
  isReplyTo,
  type HiddenTurn,
  type SessionTurns,
  type Settlement,
  type TurnPart,
} from '../../features/sessions/session-turns.ts';
import type { Api } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Conversation, Edits } from '../../protocol/conversation/conversation.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import type { HistoryItem } from '../../protocol/apis/history-item.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import {
  isAddedByClient,
  newestUserPrompt,
  type UserPrompt,
} from '../../protocol/conversation/user-prompt.ts';
import { branchPlaceOf, isOtherBranch, isPlaceIn } from '../../protocol/conversation/branch-place.ts';
import { isPassedOver, saidKey } from '../../protocol/conversation/said-key.ts';
import type { PutBack } from '../put-back.ts';
import { settlementBehind } from './asked-turn.ts';
import { bestOf, type Extent, type Match } from './best-extent.ts';
import { newestRan, putBackOf } from './broken-turns.ts';
import type { OwnWords } from './delivered-texts.ts';
import { withoutText } from './without-text.ts';
import { TurnIndexes, type TurnParts } from './turn-parts.ts';

interface RestoreOptions {
  readonly api: Api;
  readonly codec: RoundCodec;
  readonly turns: SessionTurns;
}

/**
 * A conversation as the model has to see it: with the calls that its client never saw and what came of them, each
 * where the model made it, and without what was said between the user and us. Items that have nothing to do with it
 * keep their bytes.
 */
export function restoreCalls(conversation: Conversation, options: RestoreOptions): RestoredCalls {
  return new RestoreCalls(conversation, options).run();
}

interface RestoredCalls {
  readonly conversation: Conversation;
  /** `undefined` where no answer broke. */
  readonly putBack: PutBack | undefined;
}

class RestoreCalls {
  readonly #conversation: Conversation;
  readonly #api: Api;
  readonly #codec: RoundCodec;
  readonly #turns: SessionTurns;
  readonly #replacements = new Map<number, readonly (JsonObject | Buffer)[]>();
  readonly #placed = new Set<HiddenTurn>();
  readonly #indexes = new TurnIndexes();
  /** What ran in answers of which the client kept nothing, by the index of the item that it stands before. */
  readonly #ran = new Map<number, readonly JsonObject[]>();
  /** The answers that broke of which something is put back. */
  readonly #putBack: HiddenTurn[] = [];
  #retried: PutBack['retried'];
  #mostSaid: ReadonlySet<string> | undefined;

  constructor(conversation: Conversation, { api, codec, turns }: RestoreOptions) {
    this.#conversation = conversation;
    this.#api = api;
    this.#codec = codec;
    this.#turns = turns;
  }

  run(): RestoredCalls {
    const broken = this.#brokenByIndex();
    for (let index = 0; index <= this.#conversation.length; index += 1) {
      this.#placeRan(broken.get(index) ?? [], index);
      const extent = this.#extentAt(index);
      if (extent === undefined) continue;
      this.#place(extent);
      index = extent.matches.at(-1)?.index ?? index;
    }
    const [turns, retried] = [this.#putBack, this.#retried];
    return {
      conversation: this.#conversation.edit(this.#edits()),
      putBack: turns.length === 0 ? undefined : { turns, retried },
    };
  }

  /** Answers that broke, by the index that they were given at, where the conversation is the one that they were given in. */
  #brokenByIndex(): ReadonlyMap<number, readonly HiddenTurn[]> {
    const turns = this.#turns.broken();
    const { received, length } = this.#conversation;
    return Map.groupBy(turns, ({ place }) => {
      if (!isPlaceIn(received, place)) return -1;
      const at = Number.parseInt(place, 10);
      let index = length;
      while (index > 0 && this.#conversation.placeOf(index - 1) >= at) index -= 1;
      return index;
    });
  }

  /** Puts back what ran in answers that broke, where the client has nothing of these. */
  #placeRan(turns: readonly HiddenTurn[], index: number): void {
    const left = turns.filter((turn) => this.#isLeft(turn, index));
    const newest = newestRan(left, this.#codec);
    if (newest.length === 0) return;
    const behind = saidKey(this.#itemBefore(index));
    for (const { turn } of newest) this.#placed.add(turn);
    addAll(
      this.#putBack,
      newest.map(({ turn }) => turn),
    );
    this.#ran.set(
      index,
      newest.flatMap(({ hidden }) => this.#codec.toItems(hidden)),
    );
    if (index === this.#conversation.length)
      this.#retried = { historyItems: newest.flatMap(({ hidden }) => hidden), behind };
  }

  /** Whether the client has nothing of an answer that broke at a place, and goes on from there or tries again. */
  #isLeft(turn: HiddenTurn, index: number): boolean {
    if (this.#placed.has(turn) || this.#extentOf(turn, index).matches.length > 0) return false;
    if (turn.isPast !== true) return true;
    const isLast = index === this.#conversation.length;
    return !isLast && this.#codec.partsOf(this.#conversation.at(index), []) === undefined;
  }

  /** What stands in the place of items in the end. */
  #edits(): Edits {
    const { length } = this.#conversation;
    const bytesAt = (index: number): (JsonObject | Buffer)[] => [this.#conversation.bytesAt(index)];
    for (const [index, items] of this.#ran) {
      if (index === length && length > 0) {
        const last = this.#replacements.get(length - 1) ?? bytesAt(length - 1);
        this.#replacements.set(length - 1, [...last, ...items]);
      } else if (index < length) {
        const before = this.#joined(items, index);
        this.#replacements.set(index, [...before, ...(this.#replacements.get(index) ?? bytesAt(index))]);
      }
    }
    return this.#replacements;
  }

  /** The turn that begins at an item: one that answers what stands before, and has in it what the item says. */
  #extentAt(index: number): Extent | undefined {
    if (this.#codec.partsOf(this.#conversation.at(index), []) === undefined) return undefined;
    const { here, elsewhere } = this.#turnsAt(index);
    return this.#bestOf(here, index) ?? this.#bestOf(elsewhere, index);
  }

  #bestOf(turns: readonly HiddenTurn[], index: number): Extent | undefined {
    const left = turns.filter((turn) => !this.#placed.has(turn));
    return bestOf(left.map((turn) => this.#extentOf(turn, index)));
  }

  /** The turns that answer what stands before an item: those that were given there, and those that were at no place of this conversation. */
  #turnsAt(index: number): Record<'here' | 'elsewhere', readonly HiddenTurn[]> {
    const alike = this.#turns.behind(saidKey(this.#itemBefore(index)));
    if (alike.length === 0) return { here: alike, elsewhere: [] };
    const { received } = this.#conversation;
    const key = branchPlaceOf(received, this.#conversation.placeOf(index));
    return {
      here: alike.filter(({ place }) => place === key),
      // What was asked in another branch was answered there.
      elsewhere: alike.filter(
        ({ place, asked }) => !isPlaceIn(received, place) && !(asked && isOtherBranch(place, key)),
      ),
    };
  }

  /** What an item answers: the last thing that the model gets before it, without what hooks say to every prompt. */
  #itemBefore(index: number): JsonObject | undefined {
    for (let at = index - 1; at >= -1; at -= 1) {
      const ran = this.#ran.get(at + 1)?.findLast((item) => !isPassedOver(item));
      if (ran !== undefined) return ran;
      if (at < 0) return undefined;
      const others = this.#replacements.get(at);
      const last = others?.at(-1);
      const item = others === undefined || Buffer.isBuffer(last) ? this.#conversation.at(at) : last;
      if (item !== undefined && !isPassedOver(item)) return item;
    }
    return undefined;
  }

  #extentOf(turn: HiddenTurn, start: number): Extent {
    const matches: Match[] = [];
    const said = new Map<number, readonly JsonObject[]>();
    const ownWords = this.#indexes.deliveredOf(turn).read();
    let settlement: Settlement | undefined;
    let answer: UserPrompt | undefined;
    for (let index = start; index < this.#conversation.length; index += 1) {
      const parts = this.#indexes.partsOf(turn, settlement);
      const isAnswerNext = isReplied(settlement) && answer === undefined;
      if (partBehind(matches) > parts.index.last && !isAnswerNext) break;
      const item = this.#conversation.at(index);
      const pieces = this.#piecesOf(item, turn.texts, ownWords);
      if (pieces !== undefined) {
        said.set(index, pieces);
        addAll(matches, this.#matchesIn(pieces, index, parts, partBehind(matches)));
        settlement ??= this.#settlementBehind(turn, matches.at(-1));
      } else if (isAnswerNext) {
        answer = this.#answerAt(index, turn);
        if (answer === undefined && !isAddedByClient(item)) break;
      } else if (!this.#isOutput(item)) {
        break;
      }
    }
    return { turn, matches, said, settlement, answer };
  }

  /** What the model said in an item, in its own words. */
  #piecesOf(
    item: JsonObject,
    texts: readonly string[],
    ownWords: OwnWords | undefined,
  ): readonly JsonObject[] | undefined {
    const { partsOf, withTexts } = this.#codec;
    const isChanged = ownWords !== undefined && item['role'] === 'assistant';
    return partsOf(isChanged ? withTexts(item, ownWords) : item, texts);
  }

  /** What became of the call of a turn where our question was found last, and the user says something behind it. */
  #settlementBehind(turn: HiddenTurn, last: Match | undefined): Settlement | undefined {
    if (last === undefined || turn.parts[last.part]?.kind !== 'ours') return undefined;
    const at = this.#conversation.placeOf(last.index);
    return settlementBehind(turn, this.#conversation, { at, api: this.#api });
  }

  #matchesIn(
    pieces: readonly JsonObject[],
    index: number,
    { all, index: parts }: TurnParts,
    from: number,
  ): readonly Match[] {
    let at = from;
    return pieces.flatMap((item, piece) => {
      const keys = this.#codec.keysOf(item);
      const part = parts.find(keys, at);
      const known = part === undefined ? undefined : all[part];
      if (part === undefined || !this.#isLikely(keys, known)) return [];
      at = part + 1;
      const isExact = known !== undefined && known.kind !== 'hidden' && known.keys[0] === keys[0];
      return [{ index, piece, part, isExact }];
    });
  }

  /** Whether a piece is a part that it shares a name with: not where another piece says more of what the part says. */
  #isLikely([most]: readonly string[], part: TurnPart | undefined): boolean {
    const [own] = part === undefined || part.kind === 'hidden' ? [] : part.keys;
    return own === undefined || own === most || !this.#saidMost().has(own);
  }

  /** The first keys of all that the model said in the conversation. */
  #saidMost(): ReadonlySet<string> {
    this.#mostSaid ??= new Set(
      Array.from({ length: this.#conversation.length }, (_, index) => this.#conversation.at(index))
        .flatMap((item) => this.#codec.partsOf(item, []) ?? [])
        .flatMap((piece) => this.#codec.keysOf(piece).slice(0, 1)),
    );
    return this.#mostSaid;
  }

  /** Calls of one answer may have their outputs between them where each is an item. */
  #isOutput(item: JsonObject): boolean {
    return this.#codec.textOf === undefined && codecOf(this.#api).history.isOutput(item);
  }

  #answerAt(index: number, { asked }: HiddenTurn): UserPrompt | undefined {
    const prompt = newestUserPrompt(this.#conversation, this.#api, index);
    const isReply = prompt?.index === index && asked !== undefined && isReplyTo(asked, prompt.text);
    return isReply ? prompt : undefined;
  }

  #place({ turn, matches, said, settlement, answer }: Extent): void {
    this.#placed.add(turn);
    if (turn.isBroken) this.#putBack.push(turn);
    const hiddenIn = (parts: readonly TurnPart[]): readonly HistoryItem[] =>
      putBackOf(parts, turn, this.#codec);
    const { all } = this.#indexes.partsOf(turn, settlement);
    if (answer !== undefined) this.#replacements.set(answer.index, withoutText(answer));
    let at = 0;
    const partAt = new Map(matches.map(({ index, piece, part }) => [`${index} ${piece}`, part]));
    for (const index of new Set(matches.map((match) => match.index))) {
      const pieces = said.get(index) ?? [];
      const historyItems: HistoryItem[] = [];
      for (const [piece, item] of pieces.entries()) {
        const part = partAt.get(`${index} ${piece}`);
        if (part !== undefined) {
          addAll(historyItems, hiddenIn(all.slice(at, part)));
          at = part + 1;
        }
        if (part === undefined || all[part]?.kind !== 'ours') historyItems.push({ kind: 'said', item });
      }
      if (index === matches.at(-1)?.index) addAll(historyItems, hiddenIn(all.slice(at)));
      this.#replace(index, pieces, historyItems);
    }
  }

  #replace(index: number, pieces: readonly JsonObject[], historyItems: readonly HistoryItem[]): void {
    if (
      historyItems.length === pieces.length &&
      historyItems.every(({ item }, place) => item === pieces[place])
    )
      return;
    const isFlat = this.#codec.textOf === undefined;
    const items = isFlat
      ? // An item that is a piece of its own keeps its bytes.
        historyItems.map(({ item }) => (item === pieces[0] ? this.#conversation.bytesAt(index) : item))
      : this.#codec.toItems(historyItems, this.#conversation.at(index));
    this.#replacements.set(
      index,
      historyItems.at(-1)?.kind === 'output' ? this.#joined(items, index + 1) : items,
    );
  }

  /** Outputs that stand in a message of the user go into the next one, where there is one. */
  #joined(items: readonly (JsonObject | Buffer)[], next: number): readonly (JsonObject | Buffer)[] {
    const { withOutputs } = this.#codec;
    const outputs = items.at(-1);
    if (withOutputs === undefined || outputs === undefined || Buffer.isBuffer(outputs)) return items;
    if (next >= this.#conversation.length) return items;
    const [following] = this.#replacements.get(next) ?? [this.#conversation.at(next)];
    if (following === undefined || Buffer.isBuffer(following) || following['role'] !== 'user') return items;
    this.#replacements.set(next, [withOutputs(outputs, following)]);
    return items.slice(0, -1);
  }
}

/** Whether the user's message behind a question is for nobody but us, if it has the form of an answer. */
function isReplied(settlement: Settlement | undefined): boolean {
  return settlement !== undefined && settlement.isByCommand !== true;
}

/** The place of the first part that nothing was found of yet. */
function partBehind(matches: readonly Match[]): number {
  return (matches.at(-1)?.part ?? -1) + 1;
}
