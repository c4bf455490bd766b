/** The same answer; tells once when all of it was read, it broke, or its reader is gone. */
export function withEnd(answer: Response, onEnd: () => void): Response {
  if (answer.body === null) {
    onEnd();
    return answer;
  }
  const body: ReadableStream<Uint8Array> = answer.body;
  const reader = body.getReader();
  let isOver = false;
  const end = (): void => {
    if (!isOver) onEnd();
    isOver = true;
  };
  const watched = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          controller.enqueue(value);
          return;
        }
      } catch (error) {
        end();
        throw error;
      }
      end();
      controller.close();
    },
    cancel: async (reason) => {
      end();
      await reader.cancel(reason);
    },
  });
  const { status, statusText, headers } = answer;
  return new Response(watched, { status, statusText, headers });
}
