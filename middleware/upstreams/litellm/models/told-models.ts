import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isJsonObject, objectIn, parseJson, type JsonObject } from '../../../kernel/json-object.ts';
import type { Log } from '../../../kernel/log.ts';
import { SharedFile } from '../../../platform/store/shared-file.ts';
import type { ModelInfo } from './model-info.ts';

interface ToldModelsOptions {
  readonly stateDir: string;
  readonly log: Log;
}

interface Told {
  /** Of the configuration that LiteLLM had. */
  readonly digest: string;
  readonly infos: readonly ModelInfo[];
}

const nothing: Told = { digest: '', infos: [] };
/** More than any list of models; a larger one is not kept. */
const maxLength = 16 * 1024 * 1024;

/**
 * What LiteLLM told of its models last, kept over restarts: a model takes what it took, also where LiteLLM does not come
 * back. It counts for the configuration that it was told of.
 */
export class ToldModels {
  readonly #file: SharedFile<Told>;
  readonly #log: Log;
  #kept: string | undefined;

  constructor({ stateDir, log }: ToldModelsOptions) {
    const file = join(stateDir, 'litellm_models.json');
    this.#log = log;
    this.#file = new SharedFile({ file, empty: nothing, parse, format: JSON.stringify, log });
  }

  /** Never rejects: where nothing can be written, it counts as long as this process runs. */
  async keep(configuration: string, infos: readonly ModelInfo[]): Promise<void> {
    const told = { digest: digestOf(configuration), infos };
    const text = JSON.stringify(told);
    if (text === this.#kept || text.length > maxLength) return;
    this.#kept = text;
    try {
      // Who waits for the file may get it in another order.
      await this.#file.change((before) => (this.#kept === text ? told : before));
    } catch (error) {
      this.#log.warn('what LiteLLM told of its models is not kept over a restart', { error });
    }
  }

  /** Nothing where it was told of another configuration. */
  async of(configuration: string): Promise<readonly ModelInfo[]> {
    const { digest, infos } = await this.#file.read();
    return digest === digestOf(configuration) ? infos : [];
  }
}

function digestOf(configuration: string): string {
  return createHash('sha256').update(configuration).digest('base64url');
}

function parse(text: string): Told | undefined {
  const told = parseJson(text);
  if (!isJsonObject(told)) return undefined;
  const { digest, infos } = told;
  if (typeof digest !== 'string' || !Array.isArray(infos)) return undefined;
  return { digest, infos: (infos as unknown[]).filter(isJsonObject).flatMap(readInfo) };
}

function readInfo({ name, params, info }: JsonObject): readonly ModelInfo[] {
  return typeof name === 'string' ? [{ name, params: objectIn(params), info: objectIn(info) }] : [];
}
