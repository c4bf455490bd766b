/** The names of OpenAI's models that reason: they take no sampling, and call the limit of an answer otherwise. */
export const openaiReasoning = /^(?:o\d|gpt-[5-9])/;
