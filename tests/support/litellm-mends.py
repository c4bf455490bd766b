"""Prints what litellm/launch.py says where one of the places that it changes is not there, a list for each place.

Reads the path of launch.py. The first list is for LiteLLM as it is.
"""

import importlib.util
import json
import logging
import sys

from litellm.litellm_core_utils import core_helpers
from litellm.litellm_core_utils.llm_response_utils import convert_dict_to_response
from litellm.litellm_core_utils.streaming_handler import CustomStreamWrapper
from litellm.llms.anthropic.messages.native.transformation import AnthropicMessagesConfig
from litellm.llms.base_llm.base_model_iterator import BaseModelResponseIterator
from litellm.llms.gemini.count_tokens.handler import GoogleAIStudioTokenCounter
from litellm.llms.openai.chat.gpt_transformation import OpenAIChatCompletionStreamingHandler
from litellm.llms.openai.responses.count_tokens.token_counter import OpenAITokenCounter
from litellm.llms.vertex_ai.gemini import vertex_and_google_ai_studio_gemini
from litellm.llms.vertex_ai.gemini.vertex_and_google_ai_studio_gemini import VertexGeminiConfig
from litellm.proxy.anthropic_endpoints import endpoints
from litellm.router_python_core import PythonCore

spec = importlib.util.spec_from_file_location("launch", json.load(sys.stdin))
launch = importlib.util.module_from_spec(spec)
spec.loader.exec_module(launch)

PLACES = [
    (endpoints, "_anthropic_error_json_response"),
    (AnthropicMessagesConfig, "transform_anthropic_messages_response"),
    (core_helpers, "_FINISH_REASON_MAP"),
    (CustomStreamWrapper, "finish_reason_handler"),
    (convert_dict_to_response, "Choices"),
    (CustomStreamWrapper, "_dispatch_provider_chunk"),
    (OpenAIChatCompletionStreamingHandler, "_extract_error_from_chunk"),
    (CustomStreamWrapper, "_map_stream_exception"),
    (CustomStreamWrapper, "_should_fail_on_clean_eof"),
    (BaseModelResponseIterator, "_handle_string_chunk"),
    (VertexGeminiConfig, "_create_streaming_choice"),
    (vertex_and_google_ai_studio_gemini, "build_vertex_schema"),
    (VertexGeminiConfig, "_process_candidates"),
    (PythonCore, "make_call"),
    (GoogleAIStudioTokenCounter, "_clean_contents_for_gemini_api"),
    (OpenAITokenCounter, "_counted"),
]
KEPT = [vars(owner)[name] for owner, name in PLACES]


class Collected(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def tried(missing: str | None) -> dict[str, object]:
    for (owner, name), value in zip(PLACES, KEPT):
        setattr(owner, name, value)
    for owner, name in PLACES:
        if name == missing:
            delattr(owner, name)
    collected = Collected()
    logging.getLogger("LiteLLM").addHandler(collected)
    launch.mend()
    logging.getLogger("LiteLLM").removeHandler(collected)
    made = [name for (owner, name), value in zip(PLACES, KEPT) if vars(owner).get(name, value) is not value]
    return {"missing": missing, "made": made, "lines": collected.lines}


def moved() -> dict[str, object]:
    """A module that is somewhere else."""
    sys.modules["litellm.proxy.anthropic_endpoints"] = None
    return {**tried(None), "missing": "module"}


print(json.dumps([*(tried(missing) for missing in [None, *(name for _, name in PLACES)]), moved()]))
