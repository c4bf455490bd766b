/**
 * How deep the arguments of a call may be nested. Requests may be nested 1,000 deep here, and no deeper for LiteLLM, which
 * has to read them as well: with deeper ones in its history a conversation could not go on.
 */
export const maxInputDepth = 500;
