import { InMemoryResponseCacheStore, type CacheEntry, type CacheKey } from '@modelcontextprotocol/client';

/**
 * Where the SDK keeps the tools of a server, whose schemas it takes for headers and results of calls. A list that is read again as
 * it was stays the same entry: of another one the SDK compiles all schemas anew.
 */
export class ResponseStore extends InMemoryResponseCacheStore {
  override set(key: CacheKey, entry: Omit<CacheEntry, 'stamp'>): number {
    const kept = this.get(key);
    return kept?.value === entry.value ? kept.stamp : super.set(key, entry);
  }
}
