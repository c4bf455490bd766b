import type { AnswerFormat } from './model-request.ts';

/** What is said to a model whose provider enforces no form of an answer. */
export function jsonInstructions(format: AnswerFormat | undefined): readonly string[] {
  if (format === undefined) return [];
  const common = 'Answer with one JSON object and nothing else: no words around it and no code fence.';
  return [
    format.schema === undefined
      ? common
      : `${common} It has to match this JSON schema:\n${JSON.stringify(format.schema)}`,
  ];
}
