const askTimeoutMs = 1_000;

/** Whether a Codex-Plus answers at a URL. */
export async function isCodexPlus(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/version`, { signal: AbortSignal.timeout(askTimeoutMs) });
    const told: unknown = await answer.json();
    return typeof told === 'object' && told !== null && 'testedCodexVersions' in told;
  } catch {
    // Silent, or another program's answer.
    return false;
  }
}
