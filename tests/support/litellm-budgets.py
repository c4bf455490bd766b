"""Prints the tokens to think with that LiteLLM has efforts stand for, and the efforts that it makes of tokens to think with.

Reads a list of such numbers.
"""

import json
import sys

from litellm import constants
from litellm.litellm_core_utils.reasoning_effort_utils import reasoning_effort_from_thinking_budget
from litellm.llms.anthropic.common_utils import AnthropicModelInfo

EFFORTS = ["minimal", "low", "medium", "high", "xhigh", "max"]
CLAUDE = "claude-opus-4-7"

numbers = json.load(sys.stdin)
print(
    json.dumps(
        {
            "tokens": {
                effort: getattr(constants, f"DEFAULT_REASONING_EFFORT_{effort.upper()}_THINKING_BUDGET")
                for effort in EFFORTS
            },
            "efforts": [reasoning_effort_from_thinking_budget(number) for number in numbers],
            "efforts_of_claude": [
                AnthropicModelInfo._legacy_budget_to_effort(CLAUDE, number, "anthropic") for number in numbers
            ],
        }
    )
)
