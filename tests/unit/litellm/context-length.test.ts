import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  litellmFault,
  providerFault,
} from '../../../middleware/protocol/translation/faults/litellm-fault.ts';
import { toldFault } from '../../../middleware/protocol/translation/faults/told-fault.ts';

/** As they stand in documentation, in LiteLLM's list, and in issues. */
const words: readonly (readonly [string, string])[] = [
  ['Anthropic', 'prompt is too long: 210000 tokens > 200000 maximum'],
  ['Anthropic', 'input length and `max_tokens` exceed context limit: 190000 + 16000 > 200000'],
  ['OpenAI', 'Your input exceeds the context window of this model. Please adjust your input and try again.'],
  [
    'OpenAI',
    'Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000 tokens.',
  ],
  ['DeepSeek', "This model's maximum context length is 65536 tokens. However, you requested 70000 tokens"],
  ['Gemini', 'The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).'],
  [
    'Gemma',
    'Unable to submit request because the input token count is 32825 but model only supports up to 32768.',
  ],
  ['xAI', "This model's maximum prompt length is 131072 but the request contains 537812 tokens."],
  ['Moonshot', 'Invalid request: Your request exceeded model token limit: 262144 (requested: 270000)'],
  ['Z.ai', 'Prompt exceeds max length'],
  ['Bedrock', 'The model returned the following errors: Input is too long for requested model.'],
  [
    'Bedrock',
    'Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input.',
  ],
  ['DashScope', '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]'],
  ['MiniMax', 'invalid params, context window exceeds limit (2013)'],
  ['Groq', 'Please reduce the length of the messages or completion.'],
  [
    'Cerebras',
    'Please reduce the length of the messages or completion. Current length is 140000 while limit is 131072',
  ],
  ['llama.cpp', 'the request exceeds the available context size, try increasing it'],
  ['Ollama', 'prompt too long; exceeded max context length by 12 tokens'],
  ['vLLM', 'The decoder prompt (length 9000) is longer than the maximum model length of 8192.'],
  ['SGLang', "The input (263000 tokens) is longer than the model's context length (262144 tokens)."],
  ['Cohere', 'too many tokens: the total number of tokens in the prompt exceeds the limit of 4081.'],
  ['Together', '`inputs` tokens + `max_new_tokens` must be <= 4097. Given: 5000 `inputs` tokens'],
  [
    'Mistral',
    'Prompt contains 140000 tokens and 0 draft tokens, too large for model with 131072 maximum context length',
  ],
  ['GitHub Copilot', 'prompt token count of 70000 exceeds the limit of 64000'],
  ['Poolside', 'Input length 131393 exceeds the maximum allowed input length of 131040 tokens.'],
  ['watsonx', 'the number of input tokens 5000 cannot exceed the total tokens limit 4096 for this model'],
  ['LM Studio', 'The number of tokens to keep from the initial prompt is greater than the context length.'],
  ['LM Studio', 'Trying to keep the first 111490 tokens when context the overflows.'],
];

describe('[RT-4] a provider says that a conversation is too long', () => {
  test.each(words)('%s: %s', (_provider, said) => {
    expect(providerFault(400, said).code).toBe('context_length_exceeded');
    expect(toldFault({ message: said, code: 400 }).kind).toBe('context-length');
    const json = JSON.stringify({ error: { message: said } });
    for (const told of [
      `litellm.BadRequestError: OpenAIException - ${said}`,
      `litellm.BadRequestError: MadeUpException - ${json}`,
      `litellm.ContextWindowExceededError: litellm.BadRequestError: MadeUpException - ${json}`,
    ])
      expect(litellmFault(400, told)?.code).toBe('context_length_exceeded');
  });

  test.each([
    [
      "LiteLLM's class, and words that nobody knows",
      'litellm.ContextWindowExceededError: MadeUp - Far too much',
    ],
    [
      'what Python printed',
      `litellm.BadRequestError: Error code: 400 - {'error': {'message': "prompt is too long", 'type': None}}`,
    ],
    [
      'a code within JSON',
      'litellm.BadRequestError: MadeUp: {"message":"Much","code":"context_length_exceeded"} [400]',
    ],
  ])('%s', (_name, told) => {
    expect(litellmFault(400, told)?.code).toBe('context_length_exceeded');
  });

  test('by its code', () => {
    expect(providerFault(400, 'Much', 'model_max_prompt_tokens_exceeded').code).toBe(
      'context_length_exceeded',
    );
  });

  test('a limit of tokens for a while is a rate limit', () => {
    const said = 'Too many tokens, please wait before trying again.';
    expect(providerFault(429, said).code).toBe('rate_limit_exceeded');
    expect(toldFault({ message: said, type: 'rate_limit_error' }).kind).toBe('rate-limit');
    expect(providerFault(429, 'Too many tokens: reduce the length of the messages').code).toBe(
      'rate_limit_exceeded',
    );
  });
});

/** Words that decide what an error means, where a provider says them itself. */
const tooLong = words.map(([, said]) => said);
const telling = [...tooLong, 'insufficient_quota', 'Your credit balance is too low'];
/** How providers quote what stands in a request. */
const quotes: readonly ((text: string) => string)[] = [
  (text) => `the string '${text.replaceAll(/[\\']/g, String.raw`\$&`)}' is not allowed`,
  (text) =>
    `messages.3.content: Input should be a valid list (input_value=${JSON.stringify(text)}, input_type=str)`,
  (text) => `Invalid value: \`${text.replaceAll('`', '')}\`.`,
  (text) => `Failed to parse “${text}” as JSON`,
  (text) => `Tool call failed: {"path":${JSON.stringify(`it's "${text}"`)}} does not fit its schema`,
  (text) => `Invalid value: ${JSON.stringify(text).slice(0, -1)}...`,
];

test('[RT-4] a refusal that quotes such words out of a request is none of it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...telling),
      fc.constantFrom(...quotes),
      fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/["'`“”«»\\]/g, '')),
      fc.string({ maxLength: 20, unit: fc.constantFrom('a', ' ', '.', ':', '\n') }),
      (words, quoting, inside, before) => {
        const said = `x ${before}${quoting(`${inside} ${words} ${inside}`)}`;
        expect(providerFault(400, said).code).toBe('invalid_request');
        expect(toldFault({ message: said, code: 400 }).kind).toBe('invalid');
        const json = JSON.stringify({ error: { message: said } });
        const classes = tooLong.includes(words) ? ['litellm.ContextWindowExceededError: ', ''] : [''];
        for (const told of classes.map(
          (name) => `${name}litellm.BadRequestError: AnthropicException - ${json}`,
        ))
          expect(litellmFault(400, told)?.code).toBe('invalid_request');
      },
    ),
    { numRuns: 1_000 },
  );
});

test('[RT-4] an apostrophe begins no quotation', () => {
  const said = "The users' models' limits don't allow it: this model's maximum context length is 10";
  expect(providerFault(400, said).code).toBe('context_length_exceeded');
});
