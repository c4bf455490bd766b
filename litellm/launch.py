"""Runs LiteLLM's proxy and ends it when the process that started it is gone.

The starter holds the other end of our standard input and never writes to it. The operating system closes it when the
starter ends, however it ends, so that no LiteLLM is left behind.
"""

import json
import os
import signal
import sys
import threading

GRACE_SECONDS = 5
RESTING = "CODEX_PLUS_RESTING_DEPLOYMENTS"


def end_with_the_starter() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    # Whoever waited for an answer is gone too, so there is little to finish.
    threading.Event().wait(GRACE_SECONDS)
    os._exit(1)


def leave_out(resting: list) -> None:
    """Leaves deployments out of what LiteLLM reads: each by its place in `model_list`, and its name.

    The file itself stays as it is, and where it is: other files and modules are found beside it.
    """
    from litellm.proxy.proxy_server import ProxyConfig

    read = ProxyConfig._get_config_from_file

    async def read_without(self: ProxyConfig, config_file_path: str | None = None) -> dict:
        config = await read(self, config_file_path)
        entries = config.get("model_list")
        if isinstance(entries, list):
            config["model_list"] = [
                entry for at, entry in enumerate(entries) if [at, entry.get("model_name")] not in resting
            ]
        return config

    ProxyConfig._get_config_from_file = read_without


def keep_the_time_to_wait() -> None:
    """Has /v1/messages answer with the provider's retry-after, as LiteLLM's other routes do.

    LiteLLM 1.109 leaves the provider's headers out of errors there. In a version that is made otherwise, nothing is changed.
    """
    from litellm.proxy.anthropic_endpoints import endpoints

    answer = getattr(endpoints, "_anthropic_error_json_response", None)
    if answer is None:
        return

    def answer_with_wait(*args, **kwargs):
        response = answer(*args, **kwargs)
        # It is called where the provider's error is being handled.
        told = getattr(sys.exc_info()[1], "litellm_response_headers", None) or {}
        wait = told.get("retry-after")
        if isinstance(wait, str) and "retry-after" not in response.headers:
            response.headers["llm_provider-retry-after"] = wait
        return response

    endpoints._anthropic_error_json_response = answer_with_wait


class Ends(dict):
    """LiteLLM's words for the ends of answers; for a provider's word that is no good end none that looks like one."""

    def get(self, word, default=None):
        if not word:
            return super().get(word, default)
        known = super().get(word) or super().get(word.lower()) or UNKNOWN_END
        return UNKNOWN_END if known == "stop" and word.lower() not in GOOD_ENDS else known


# A word that LiteLLM's types allow, and that is taken for an end of which nobody knows what it means.
UNKNOWN_END = "finish_reason_unspecified"
GOOD_ENDS = {"stop", "end_turn", "stop_sequence", "eos", "eos_token", "complete"}
CALLS = {"tool_call": "tool_calls", "function_calls": "tool_calls", "complete": "stop", "model_length": "length"}


def keep_how_answers_end() -> None:
    """Has streams end as their providers ended them, so that half an answer is none that is whole.

    LiteLLM 1.109 says "stop" for each word that it does not know, for several that mean a failure, for `[DONE]`, for the end of
    a connection, and for each piece of Gemini's. In a version that is made otherwise, nothing is changed.
    """
    from litellm.litellm_core_utils import core_helpers
    from litellm.litellm_core_utils.streaming_handler import CustomStreamWrapper
    from litellm.llms.base_llm.base_model_iterator import BaseModelResponseIterator
    from litellm.llms.vertex_ai.gemini.vertex_and_google_ai_studio_gemini import VertexGeminiConfig

    ends = getattr(core_helpers, "_FINISH_REASON_MAP", None)
    read_line = getattr(BaseModelResponseIterator, "_handle_string_chunk", None)
    choice_of = getattr(VertexGeminiConfig, "_create_streaming_choice", None)
    if None in (ends, read_line, choice_of) or not hasattr(CustomStreamWrapper, "_should_fail_on_clean_eof"):
        return

    def is_half(stream) -> bool:
        ended = stream.received_finish_reason or stream.intermittent_finish_reason or stream.received_any_finish_reason
        return not stream.is_mock and not ended

    def read_line_without_end(self, *args, **kwargs):
        chunk = read_line(self, *args, **kwargs)
        # Of `[DONE]`: what was told before it is the end.
        is_done = isinstance(chunk, dict) and chunk.get("is_finished") and not chunk.get("text")
        return {**chunk, "is_finished": False, "finish_reason": ""} if is_done else chunk

    def choice_with_its_end(chat_completion_message, candidate, *args, **kwargs):
        choice = choice_of(chat_completion_message, candidate, *args, **kwargs)
        told = candidate.get("finishReason")
        if told is None:
            choice.finish_reason = None
        elif core_helpers.map_finish_reason(told) != "stop":
            # A call in it does not make it whole.
            choice.finish_reason = core_helpers.map_finish_reason(told)
        return choice

    core_helpers._FINISH_REASON_MAP = Ends({**CALLS, **ends})
    CustomStreamWrapper._should_fail_on_clean_eof = is_half
    BaseModelResponseIterator._handle_string_chunk = read_line_without_end
    VertexGeminiConfig._create_streaming_choice = staticmethod(choice_with_its_end)


def main() -> None:
    threading.Thread(target=end_with_the_starter, daemon=True).start()
    # Imported late: it takes seconds, and a starter may be gone before.
    from litellm import run_server

    resting = os.environ.pop(RESTING, None)
    if resting is not None:
        leave_out(json.loads(resting))
    keep_the_time_to_wait()
    keep_how_answers_end()
    run_server()


if __name__ == "__main__":
    main()
