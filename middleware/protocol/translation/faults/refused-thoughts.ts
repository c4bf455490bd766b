/**
 * What Anthropic says of thoughts that it did not sign or knows in another form, as its clouds write it too. Source: its errors, as
 * issues quote them: "messages.1.content.0: Invalid `signature` in `thinking` block", "`thinking` or `redacted_thinking` blocks in the
 * latest assistant message cannot be modified", "messages.1.content.0.thinking.signature: Field required".
 */
export const claudesRefusal =
  /Invalid .?(?:signature|data).? in .?(?:redacted_)?thinking.? block|blocks in the latest assistant message cannot be modified|thinking\.(?:signature|data): Field required/;
