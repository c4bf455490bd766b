/** Of a path that is not there, and of one that answers no calls. */
const statuses: ReadonlySet<number> = new Set([404, 405]);

/**
 * What servers say of a path alone: FastAPI and Spring, Go, llama.cpp, Express, OpenAI ("Invalid URL (POST /v1/…)"), and LiteLLM where they
 * said nothing. A model, a file or an answer that is not there is told in other words.
 */
const words =
  /^(?:(?:404 |file |page )?not found\.?|404 page not found|method not allowed\.?|error code: 40[45]|invalid url \([A-Z]{3,6} \S{0,500}\)|cannot post \S{0,500}|)$/i;

/** Whether a server says no more than that it has nothing at the path it was called at. `said`: its words, empty for a page. */
export function tellsNoPath(status: number, said: string): boolean {
  return statuses.has(status) && words.test(said.trim());
}
