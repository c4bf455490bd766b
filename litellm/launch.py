"""Runs LiteLLM's proxy and ends it when the process that started it is gone.

The starter holds the other end of our standard input and never writes to it. The operating system closes it when the
starter ends, however it ends, so that no LiteLLM is left behind.
"""

import ast
import copy
import json
import logging
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Mapping

GRACE_SECONDS = 5
RESTING = "CODEX_PLUS_RESTING_DEPLOYMENTS"
OF_ENVIRONMENT = "os.environ/"
# What LiteLLM takes a key from as well.
ALTERNATIVES = {"GEMINI_API_KEY": ["GOOGLE_API_KEY"]}
NO_KEY = "the-key-is-not-set"


def end_with_the_starter() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    # Whoever waited for an answer is gone too, so there is little to finish.
    threading.Event().wait(GRACE_SECONDS)
    os._exit(1)


def change_config(change) -> None:
    """Has LiteLLM read its configuration as `change` gives it back.

    The file itself stays as it is, and where it is: other files and modules are found beside it.
    """
    from litellm.proxy.proxy_server import ProxyConfig

    read = ProxyConfig._get_config_from_file

    async def read_changed(self: ProxyConfig, config_file_path: str | None = None) -> dict:
        return change(await read(self, config_file_path))

    ProxyConfig._get_config_from_file = read_changed


def left_out(config: dict, resting: list) -> dict:
    """Without the deployments that rest: each by its place in `model_list`, and its name."""
    entries = config.get("model_list")
    if isinstance(entries, list):
        config["model_list"] = [
            entry for at, entry in enumerate(entries) if [at, entry.get("model_name")] not in resting
        ]
    return config


def keys_kept_apart(config: dict, env: Mapping[str, str]) -> dict:
    """With a key that is none in the place of each that is named and not set.

    LiteLLM would call the address of such an entry with the key of its kind of provider, OPENAI_API_KEY for example: somebody
    else's.
    """
    if (config.get("general_settings") or {}).get("key_management_system"):
        # They are then not looked up in the environment alone.
        return config
    given = config.get("environment_variables") or {}
    holders = [(config.get("model_list"), "litellm_params"), (config.get("credential_list"), "credential_values")]
    for entries, name in holders:
        for entry in entries if isinstance(entries, list) else []:
            params = entry.get(name) if isinstance(entry, dict) else None
            key = params.get("api_key") if isinstance(params, dict) else None
            if not isinstance(key, str) or not key.startswith(OF_ENVIRONMENT):
                continue
            variable = key.removeprefix(OF_ENVIRONMENT)
            if not any(env.get(each) or given.get(each) for each in [variable, *ALTERNATIVES.get(variable, [])]):
                params["api_key"] = NO_KEY
    return config


# What a provider says to its client in the headers of an answer, as the middleware takes it.
TOLD_TO_CLIENTS = re.compile(r"(?:retry-after(?:-ms)?|x-should-retry|request-id|anthropic-.+)$", re.IGNORECASE)


def keep_the_headers_of_errors() -> None:
    """Has errors of /v1/messages say how long to wait, and what else the provider said to the client, as LiteLLM's other routes do.

    LiteLLM 1.109 leaves the provider's headers out there.
    """
    from litellm.proxy.anthropic_endpoints import endpoints

    answer = endpoints._anthropic_error_json_response

    def answer_with_headers(*args, **kwargs):
        response = answer(*args, **kwargs)
        # It is called where the provider's error is being handled.
        told = getattr(sys.exc_info()[1], "litellm_response_headers", None) or {}
        for name, value in told.items():
            if TOLD_TO_CLIENTS.match(name) and isinstance(value, str) and name not in response.headers:
                response.headers[f"llm_provider-{name}"] = value
        return response

    endpoints._anthropic_error_json_response = answer_with_headers


def keep_the_headers_of_whole_answers() -> None:
    """Has whole answers of /v1/messages keep the provider's headers, as LiteLLM's streams do.

    LiteLLM 1.109 leaves them out there.
    """
    from litellm.litellm_core_utils.core_helpers import process_response_headers
    from litellm.llms.anthropic.messages.native.transformation import AnthropicMessagesConfig

    # Its own: what it would inherit does nothing.
    read = vars(AnthropicMessagesConfig)["transform_anthropic_messages_response"]

    def read_with_headers(self, model, raw_response, *args, **kwargs):
        answer = read(self, model, raw_response, *args, **kwargs)
        # LiteLLM takes it out before the answer goes to the client.
        answer["_hidden_params"] = {"additional_headers": process_response_headers(raw_response.headers)}
        return answer

    AnthropicMessagesConfig.transform_anthropic_messages_response = read_with_headers


class UnknownEnd(str):
    """The end of an answer in a word that nobody knows: to whoever does not ask further one that is cut off."""

    told: str

    def __new__(cls, told: str):
        end = super().__new__(cls, "length")
        end.told = told
        return end


class Ends(dict):
    """LiteLLM's words for the ends of answers; for a provider's word that is no good end none that looks like one."""

    def get(self, word, default=None):
        if not word:
            return super().get(word, default)
        if isinstance(word, UnknownEnd):
            return word
        known = super().get(word) or super().get(word.lower())
        is_unknown = known is None or (known == "stop" and word.lower() not in GOOD_ENDS)
        return UnknownEnd(word) if is_unknown else known


GOOD_ENDS = {"stop", "end_turn", "stop_sequence", "eos", "eos_token", "complete"}
CALLS = {"tool_call": "tool_calls", "function_calls": "tool_calls", "complete": "stop", "model_length": "length"}


def keep_words_of_ends() -> None:
    """LiteLLM 1.109 says "stop" for each word that it does not know, and for several that mean a failure."""
    from litellm.litellm_core_utils import core_helpers

    core_helpers._FINISH_REASON_MAP = Ends({**CALLS, **core_helpers._FINISH_REASON_MAP})


def tell_unknown_words_in_streams() -> None:
    """LiteLLM 1.109 tells a provider's own word for an end beside that of OpenAI's API in whole answers alone.

    Here it stands in the delta: what is beside that is left out of a stream.
    """
    from litellm.litellm_core_utils import core_helpers
    from litellm.litellm_core_utils.streaming_handler import CustomStreamWrapper

    end_of = core_helpers.map_finish_reason

    def with_word(made):
        def make(self, *args, **kwargs):
            chunk = made(self, *args, **kwargs)
            for choice in getattr(chunk, "choices", None) or []:
                told = getattr(choice, "finish_reason", None)
                end = end_of(told) if told else None
                if isinstance(end, UnknownEnd):
                    choice.finish_reason = str(end)
                    kept = getattr(choice.delta, "provider_specific_fields", None) or {}
                    choice.delta.provider_specific_fields = {**kept, "native_finish_reason": end.told}
            return chunk

        return make

    CustomStreamWrapper.finish_reason_handler = with_word(CustomStreamWrapper.finish_reason_handler)
    CustomStreamWrapper.return_processed_chunk_logic = with_word(CustomStreamWrapper.return_processed_chunk_logic)


# With which a provider says that its answer broke off; as end-words.ts has them, and those of good ends.
BROKEN_ENDS = {"abort", "aborted", "cancelled", "error", "insufficient_system_resource", "network_error"}


def broken_end(word) -> str | None:
    """The word for an end, where it says that the answer broke off."""
    return word if isinstance(word, str) and word.lower() in BROKEN_ENDS else None


def ends_in(chunk) -> list[tuple]:
    """The word for the end of each answer in a piece of a stream, with the error that is told beside it."""
    if isinstance(chunk, dict):
        return [(chunk.get("finish_reason"), None)]
    choices = getattr(chunk, "choices", None) or []
    return [(getattr(each, "finish_reason", None), getattr(each, "error", None)) for each in choices]


def fail_where_a_stream_says_that_it_broke_off() -> None:
    """LiteLLM 1.109 ends such a stream in the word that it has for the end, as if it were whole; of "error" it prints its own objects in
    some streams.
    """
    from litellm.litellm_core_utils.streaming_handler import CustomStreamWrapper
    from litellm.llms.openai.common_utils import OpenAIError
    from litellm.types.utils import StreamingChoices

    begin = StreamingChoices.__init__
    read = CustomStreamWrapper._dispatch_provider_chunk

    def begin_with_broken_end(self, finish_reason=None, *args, **kwargs) -> None:
        begin(self, finish_reason, *args, **kwargs)
        if broken_end(finish_reason):
            # Not the word that LiteLLM has for it.
            self.finish_reason = finish_reason

    def read_unless_broken(self, chunk, *args, **kwargs):
        for told, error in ends_in(chunk):
            word = broken_end(told)
            if word:
                status, words = told_error(error)
                raise OpenAIError(status_code=status, message=words or f"the answer broke off at the provider: {word}")
        return read(self, chunk, *args, **kwargs)

    StreamingChoices.__init__ = begin_with_broken_end
    CustomStreamWrapper._dispatch_provider_chunk = read_unless_broken


def fail_unless_whole(choice, told) -> None:
    """Has a choice of a whole answer that its provider did not end well say so where errors of choices stand."""
    word = broken_end(told)
    if told and not word:
        return
    words = f"the answer broke off at the provider: {word}" if word else "the answer of the provider ended before it was whole"
    kept = getattr(choice, "provider_specific_fields", None) or {}
    choice.provider_specific_fields = {"error": {"message": words}, **kept}
    choice.finish_reason = "length"


def fail_where_a_whole_answer_is_half() -> None:
    """LiteLLM 1.109 says "stop" where an answer that is no stream does not say why it ended."""
    from litellm.litellm_core_utils.llm_response_utils import convert_dict_to_response

    make = convert_dict_to_response.Choices

    def choice_of_answer(provider_specific_fields, **fields):
        kept = {name: value for name, value in provider_specific_fields.items() if name not in OF_ENDS}
        choice = make(provider_specific_fields=kept, **fields)
        fail_unless_whole(choice, next(filter(None, map(provider_specific_fields.get, OF_ENDS)), None))
        return choice

    # What LiteLLM has no field for is kept as the provider said it.
    convert_dict_to_response._CHOICES_FIELDS = convert_dict_to_response._CHOICES_FIELDS - set(OF_ENDS)
    convert_dict_to_response.Choices = choice_of_answer


# Where an answer says why it ended; some say the second.
OF_ENDS = ("finish_reason", "finish_details")


# What OpenAI says of a request that it will not take again either, and the statuses that names of errors stand for; as
# named-statuses.ts has them.
REFUSED_REQUESTS = {
    "invalid_prompt",
    "data_residency_mismatch",
    "bio_policy",
    "cyber_policy",
    "misalignment_policy_violation",
    "invalid_image",
    "invalid_image_format",
    "invalid_base64_image",
    "invalid_image_url",
    "image_too_large",
    "image_too_small",
    "image_parse_error",
    "image_content_policy_violation",
    "invalid_image_mode",
    "image_file_too_large",
    "unsupported_image_media_type",
    "empty_image_file",
    "failed_to_download_image",
    "image_file_not_found",
}
STATUSES = {
    "overloaded_error": 529,
    "rate_limit_error": 429,
    "billing_error": 402,
    "invalid_request_error": 400,
    "authentication_error": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "insufficient_quota": 402,
    "rate_limit_exceeded": 429,
    "server_is_overloaded": 529,
    "context_length_exceeded": 400,
    "RateLimitError": 429,
    "ServiceUnavailableError": 503,
    "BadRequestError": 400,
    "AuthenticationError": 401,
    "PermissionDeniedError": 403,
    "NotFoundError": 404,
    "Timeout": 408,
    "request_timeout": 408,
    **dict.fromkeys(REFUSED_REQUESTS, 400),
}


def told_error(error) -> tuple[int, str]:
    """The status that the error in a stream stands for, and its words, none where it has none."""
    if not isinstance(error, dict):
        return 500, error if isinstance(error, str) else ""
    said = [error.get(field) for field in ("code", "status", "type")]
    numbers = [int(each) for each in said if isinstance(each, int | str) and re.fullmatch("[45][0-9]{2}", str(each))]
    names = [each for each in said if isinstance(each, str) and each in STATUSES]
    status = next(iter([*numbers, *(STATUSES[name] for name in names)]), 500)
    message = error.get("message")
    # A name says more than the status that it stands for: the middleware reads both out of the whole.
    is_all = isinstance(message, str) and message and not names
    return status, message if is_all else json.dumps({"error": error})


def keep_the_statuses_of_errors_in_streams() -> None:
    """LiteLLM 1.109 makes a fault of the server of each error that its provider gives a name and no number."""
    from litellm.llms.openai.chat.gpt_transformation import OpenAIChatCompletionStreamingHandler

    # Whether there is such a method to be replaced.
    _ = OpenAIChatCompletionStreamingHandler._extract_error_from_chunk

    def error_in(chunk: dict) -> tuple[str, int] | None:
        if not chunk.get("error"):
            return None
        status, words = told_error(chunk["error"])
        return words or str(chunk["error"]), status

    OpenAIChatCompletionStreamingHandler._extract_error_from_chunk = staticmethod(error_in)


def keep_the_statuses_of_errors_that_the_sdk_finds() -> None:
    """LiteLLM 1.109 makes a fault of the server of each error in a stream that OpenAI's SDK reads."""
    from litellm.litellm_core_utils.streaming_handler import CustomStreamWrapper
    from litellm.llms.openai.common_utils import OpenAIError
    from openai import APIError

    meaning = CustomStreamWrapper._map_stream_exception

    def meaning_with_status(self, error):
        # The SDK's errors with a status, and those of its connections, are of other classes.
        if type(error) is APIError and error.body:
            status, words = told_error(error.body)
            error = OpenAIError(status_code=status, message=words or error.message)
        return meaning(self, error)

    CustomStreamWrapper._map_stream_exception = meaning_with_status


def fail_where_a_stream_breaks_off() -> None:
    """LiteLLM 1.109 says "stop" for the end of a connection."""
    from litellm.litellm_core_utils.streaming_handler import CustomStreamWrapper

    def is_half(stream) -> bool:
        ended = stream.received_finish_reason or stream.intermittent_finish_reason or stream.received_any_finish_reason
        return not stream.is_mock and not ended

    # Whether there is such a method to be replaced.
    _ = CustomStreamWrapper._should_fail_on_clean_eof
    CustomStreamWrapper._should_fail_on_clean_eof = is_half


def keep_the_end_before_done() -> None:
    """LiteLLM 1.109 says "stop" for `[DONE]`: what was told before it is the end."""
    from litellm.llms.base_llm.base_model_iterator import BaseModelResponseIterator

    read_line = BaseModelResponseIterator._handle_string_chunk

    def read_line_without_end(self, *args, **kwargs):
        chunk = read_line(self, *args, **kwargs)
        is_done = isinstance(chunk, dict) and chunk.get("is_finished") and not chunk.get("text")
        return {**chunk, "is_finished": False, "finish_reason": ""} if is_done else chunk

    BaseModelResponseIterator._handle_string_chunk = read_line_without_end


def as_chunk(line):
    """A whole answer of Chat Completions as a piece of a stream; any other line as it is."""
    if not isinstance(line, str) or '"message"' not in line or '"delta"' in line:
        return line
    try:
        answer = json.loads(line.removeprefix("data:"))
        for choice in answer["choices"]:
            choice["delta"] = choice.pop("message")
            for at, call in enumerate(choice["delta"].get("tool_calls") or []):
                call.setdefault("index", at)
    except (ValueError, TypeError, LookupError, AttributeError):
        # An error, for example.
        return line
    return "data: " + json.dumps(answer)


def read_whole_answers_in_streams() -> None:
    """LiteLLM 1.109 reads nothing of a whole answer that came in the place of a stream but its end."""
    from litellm.llms.base_llm.base_model_iterator import BaseModelResponseIterator

    read_line = BaseModelResponseIterator._handle_string_chunk

    def read_line_or_whole(self, str_line):
        return read_line(self, str_line=as_chunk(str_line))

    BaseModelResponseIterator._handle_string_chunk = read_line_or_whole


def keep_the_ends_of_gemini() -> None:
    """LiteLLM 1.109 says "stop" for each piece of a stream of Gemini's."""
    from litellm.litellm_core_utils import core_helpers
    from litellm.llms.vertex_ai.gemini.vertex_and_google_ai_studio_gemini import VertexGeminiConfig

    choice_of = VertexGeminiConfig._create_streaming_choice
    end_of = core_helpers.map_finish_reason

    def choice_with_its_end(chat_completion_message, candidate, *args, **kwargs):
        choice = choice_of(chat_completion_message, candidate, *args, **kwargs)
        told = candidate.get("finishReason")
        if told is None:
            choice.finish_reason = None
        elif end_of(told) != "stop":
            # A call in it does not make it whole.
            choice.finish_reason = end_of(told)
        return choice

    VertexGeminiConfig._create_streaming_choice = staticmethod(choice_with_its_end)


TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}


def types_of(values: list) -> dict:
    """The type of an enum that names none."""
    types = {TYPES.get(type(value)) for value in values if value is not None}
    return {"type": types.pop()} if len(types) == 1 and None not in types else {}


def list_in(value) -> list:
    return value if isinstance(value, list) else []


def add_to(schema: dict, part: dict) -> None:
    """What one part of a schema says beside what the others say; of what several say the first counts."""
    for key, value in part.items():
        own = schema.get(key, value)
        if isinstance(own, dict) and isinstance(value, dict):
            schema[key] = {**value, **own}
        elif key == "required":
            schema[key] = [*list_in(own), *(each for each in list_in(value) if each not in list_in(own))]
        else:
            schema[key] = own


def as_gemini_takes(schema):
    """
    A JSON schema without the forms that are lost in LiteLLM, or raise there: `true`, `false`, a list of `items`, `const`, `oneOf`,
    `allOf`, an enum without a type. `None` for one that nothing fits. Source: Gemini API, "Schema".
    """
    if not isinstance(schema, dict):
        return None if schema is False else {}
    inner = dict(schema)
    for whole in list_in(inner.pop("allOf", None)):
        add_to(inner, as_gemini_takes(whole) or {})
    if "const" in inner:
        inner["enum"] = [inner.pop("const")]
    if isinstance(inner.get("enum"), list) and "type" not in inner:
        inner.update(types_of(inner["enum"]))
    types = [each for each in list_in(inner.get("type")) if each != "null"]
    if len(types) == 1:
        inner.update({"type": types[0], **({"nullable": True} if "null" in inner["type"] else {})})
        if isinstance(inner.get("enum"), list):
            inner["enum"] = [each for each in inner["enum"] if each is not None]
    for named in ("properties", "$defs", "definitions"):
        if isinstance(inner.get(named), dict):
            taken = {name: as_gemini_takes(each) for name, each in inner[named].items()}
            inner[named] = {name: each for name, each in taken.items() if each is not None}
    choices = inner["anyOf"] if "anyOf" in inner else inner.pop("oneOf", None)
    if isinstance(choices, list):
        taken = [each for each in map(as_gemini_takes, choices) if each is not None]
        # Of which one is anything, the others say nothing.
        inner["anyOf"] = taken
        if not taken or {} in taken:
            del inner["anyOf"]
    if inner.get("type") == "array" or "items" in inner or "prefixItems" in inner:
        inner["items"] = item_of(inner.get("items"), inner.pop("prefixItems", None))
    return inner


def item_of(items, first) -> dict:
    """One schema for all that stands in a list, where each place may have its own."""
    places = [*list_in(first), *(items if isinstance(items, list) else [items])]
    taken = [each for each in map(as_gemini_takes, places) if each]
    alike = [each for at, each in enumerate(taken) if each not in taken[:at]]
    return alike[0] if len(alike) == 1 else {"anyOf": alike} if alike else {}


def keep_the_schemas_of_tools_at_gemini() -> None:
    """LiteLLM 1.109 raises on `true` for a schema and a list of `items`, and makes an object of an enum without a type."""
    from litellm.llms.vertex_ai.gemini import vertex_and_google_ai_studio_gemini as gemini

    build = gemini.build_vertex_schema

    def build_from_what_it_takes(parameters, *args, **kwargs):
        return build(as_gemini_takes(parameters), *args, **kwargs)

    gemini.build_vertex_schema = build_from_what_it_takes


def keep_the_ends_of_whole_answers_of_gemini() -> None:
    """LiteLLM 1.109 says "stop" where such an answer does not say why it ended, and "tool_calls" wherever a call is in it."""
    from litellm.litellm_core_utils import core_helpers
    from litellm.llms.vertex_ai.gemini.vertex_and_google_ai_studio_gemini import VertexGeminiConfig
    from litellm.types.utils import Choices

    read = VertexGeminiConfig._process_candidates
    end_of = core_helpers.map_finish_reason

    def read_with_ends(_candidates, model_response, *args, **kwargs):
        result = read(_candidates, model_response, *args, **kwargs)
        # Others have no choice.
        told = [each.get("finishReason") for each in _candidates if "content" in each or "finishReason" in each]
        for choice, word in zip(reversed(model_response.choices), reversed(told)):
            if not isinstance(choice, Choices):
                continue
            if word and end_of(word) != "stop":
                choice.finish_reason = str(end_of(word))
            fail_unless_whole(choice, word)
        return result

    VertexGeminiConfig._process_candidates = staticmethod(read_with_ends)


REFUSALS = {401, 402, 403}
# What providers say of a key, an account and a request; each expression as refusal-words.ts has it.
WRONG_KEY_WORDS = re.compile(
    r"^(?:API key (?:not valid|expired)|Incorrect(?: |%20)API(?: |%20)key(?: |%20)provided\b)"
)
WRONG_KEY_NAMES = re.compile(r"^(?:API_KEY_INVALID|invalid_api_key)$")
REQUEST_WORDS = re.compile(
    r"\b(?:input|output|prompt|request|content|message)s? (?:was|were|is|has been) (?:flagged|blocked|filtered)|\bmoderation\b"
    r"|content.?(?:policy|filter)|unsupported_country"
    r"|\b(?:country|region|territory|location)\b[^.]{0,60}\bnot (?:supported|available)|virtual network|firewall",
    re.IGNORECASE,
)
KEY_WORDS = re.compile(
    r"\b(?:api|subscription|access|provider|invalid|your|this|x-api) ?-?key\b|\bkey (?:based|limit|is|was|has|does)\b"
    r"|permission|credential|authenticat|unauthori[sz]ed|unregistered callers"
    r"|(?:not|n't) have access|not allowed to access|denied access|been suspended|security token|request signature|\bscopes?\b",
    re.IGNORECASE,
)
KEY_NAMES = re.compile(
    r"^(?:authentication_error|permission_error|PERMISSION_DENIED|PermissionDenied|AuthenticationTypeDisabled|API_KEY_\w+"
    r"|CONSUMER_\w+|insufficient_permissions|invalid_api_key|model_not_found)$"
)
USED_UP_WORDS = re.compile(r"insufficient_quota|credit balance is too low|credits are depleted")
USED_UP_NAME = "insufficient_quota"
QUOTA_EXCEEDED = re.compile(r"exceeded your current quota", re.IGNORECASE)
# What a proxy or a firewall on the way answers; it knows nothing of the key.
PAGE = re.compile(r"^\s*<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
QUOTATIONS = re.compile(
    r'''"(?:\\(?:.|$)|[^"\\])*(?:"|$)|`[^`]*(?:`|$)|“[^”]*(?:”|$)|«[^»]*(?:»|$)|(?<!\w)'(?:\\(?:.|$)|[^'\\]|'(?=\w))*(?:'|$)''',
    re.DOTALL,
)
# LiteLLM's names of errors before what a provider says, and those of the clients through which it calls.
OWN_NAMES = re.compile(
    r"(?:(?:litellm\.)?[\w-]{1,80}(?:Error|Exception)(?: \w{1,80}(?:Error|Exception))?(?: -|:)\s*)*(?:Error code: \d{3} - )?"
)
MAX_ERROR_LENGTH = 64 * 1024
REST_SECONDS = 60


class Rests:
    """The deployments whose provider refused them lately, by their ids."""

    def __init__(self) -> None:
        self._ends: dict[str, float] = {}

    def begin(self, deployment: str) -> None:
        self._ends[deployment] = time.monotonic() + REST_SECONDS

    def now(self) -> frozenset[str]:
        present = time.monotonic()
        self._ends = {each: end for each, end in self._ends.items() if end > present}
        return frozenset(self._ends)


def object_in(text: str):
    """The JSON with which a text begins, also as Python prints it."""
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        pass
    try:
        value = ast.literal_eval(text)
        return json.loads(value) if isinstance(value, bytes) else value
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def words_in(told) -> str:
    """What an error says; of a provider behind a provider, what that one says."""
    error = told.get("error")
    error = error if isinstance(error, dict) else {}
    said = [error.get("message"), told.get("message"), told.get("error"), told.get("detail")]
    message = next((each for each in said if isinstance(each, str)), "")
    nested = object_in(message) if message.startswith("{") else None
    return (words_in(nested) if isinstance(nested, dict) else "") or message


def names_in(told) -> list[str]:
    """How an error is called, in itself or in Google's details of it."""
    error = told["error"] if isinstance(told.get("error"), dict) else {}
    details = error.get("details")
    holders = [told, error, *(details if isinstance(details, list) else [])]
    fields = ("code", "type", "status", "reason")
    names = [each.get(field) for each in holders if isinstance(each, dict) for field in fields]
    return [name for name in names if isinstance(name, str)]


def told_by_provider(said: str) -> tuple[str, list[str]]:
    """A provider's words in an error of LiteLLM's, without what they quote, and the names that it gives it.

    What it quotes may be of the request, and is neither.
    """
    text = said[OWN_NAMES.match(said).end() : MAX_ERROR_LENGTH].partition("\n\nLiteLLM:")[0].strip()
    told = object_in(text)
    # Google's API for clients of OpenAI has its errors in a list.
    told = told[0] if isinstance(told, list) and told else told
    words, names = (words_in(told), names_in(told)) if isinstance(told, dict) else (text, [])
    return QUOTATIONS.sub("…", words), names


def is_used_up(words: str, names: list[str]) -> bool:
    return USED_UP_NAME in names or any(each.search(words) for each in (QUOTA_EXCEEDED, USED_UP_WORDS))


def has_name(names: list[str], wanted: re.Pattern) -> bool:
    return any(wanted.search(name) for name in names)


def is_refused(error: Exception) -> bool:
    """Whether another deployment may do what this one is not allowed to: with another key or account, or from another place."""
    status = getattr(error, "status_code", None)
    words, names = told_by_provider(str(error))
    is_wrong_key = WRONG_KEY_WORDS.search(words) is not None or has_name(names, WRONG_KEY_NAMES)
    return status in REFUSALS or is_used_up(words, names) or (status == 400 and is_wrong_key)


def refuses_the_key(status: int | None, said: str) -> bool:
    """Whether what was refused is the key or its account, so that the next calls would be as well.

    A 403 may be about the request alone, and is where it does not say what it is about, or is a page.
    """
    words, names = told_by_provider(said)
    if status != 403 or is_used_up(words, names):
        return True
    if PAGE.search(words) is not None or REQUEST_WORDS.search(words) is not None:
        return False
    return KEY_WORDS.search(words) is not None or has_name(names, KEY_NAMES)


def ask_the_others() -> None:
    """Has a call that a deployment's provider refuses go to the others of its name; where its key is refused, those after it as well
    for a while.

    LiteLLM 1.109 does so as a retry alone, and then retries every other fault too. A deployment that is the only one is asked as
    ever.
    """
    from litellm._logging import verbose_router_logger
    from litellm.router_python_core import PythonCore
    from litellm.router_utils.pre_call_checks.deployment_affinity_check import DeploymentAffinityCheck

    call = PythonCore.make_call
    candidates = PythonCore._common_checks_available_deployment
    claim = DeploymentAffinityCheck._claim_pin
    # Whether there is such a method to be called.
    _ = DeploymentAffinityCheck._set_local_pin
    rests = Rests()

    def deployments_of(router, kwargs: Mapping) -> dict[str, str]:
        """The model of each deployment that may be asked, by its id."""
        try:
            _, found = candidates(router, model=kwargs.get("model") or "", request_kwargs=kwargs)
        except Exception:
            # LiteLLM says itself what is wrong with the name.
            return {}
        # One that was asked for by its id is no list.
        entries = found if isinstance(found, list) else []
        return {entry["model_info"]["id"]: entry["litellm_params"]["model"] for entry in entries}

    def passed_over(router, kwargs: Mapping, refused: tuple) -> tuple:
        resting = rests.now()
        if not resting and not refused:
            return ()
        left = deployments_of(router, kwargs).keys() - refused
        skipped = resting & left
        # Where all of them rest, none does.
        return (*refused, *sorted(skipped)) if skipped != left else refused

    async def call_the_others_too(self, original_function, *args, **kwargs):
        refused: tuple = ()
        while True:
            skipped = (*(kwargs.get("_retry_skipped_deployment_ids") or ()), *passed_over(self, kwargs, refused))
            told = {**kwargs, "_retry_skipped_deployment_ids": skipped} if skipped else kwargs
            try:
                return await call(self, original_function, *args, **told)
            except Exception as error:
                at = getattr(error, "retry_skip_deployment_id", None) or getattr(error, "failed_deployment_id", None)
                known = deployments_of(self, kwargs) if is_refused(error) else {}
                if at not in known or at in refused:
                    raise
                refused = (*refused, at)
                if not known.keys() - refused:
                    raise
                status = getattr(error, "status_code", None)
                is_lasting = refuses_the_key(status, str(error))
                if not is_lasting or at not in rests.now():
                    verbose_router_logger.warning(
                        'the provider refused a call of "%s" at its deployment %s with the status %s; '
                        "its other deployments are asked%s",
                        *(kwargs.get("model"), known[at], status),
                        f" first for {REST_SECONDS} seconds" if is_lasting else "",
                    )
                if is_lasting:
                    rests.begin(at)

    async def claim_another(self, cache_key, pin_value, ttl_seconds):
        claimed = await claim(self, cache_key=cache_key, pin_value=pin_value, ttl_seconds=ttl_seconds)
        if claimed not in rests.now():
            return claimed
        self._set_local_pin(cache_key, pin_value, ttl_seconds)
        return pin_value["model_id"]

    PythonCore.make_call = call_the_others_too
    DeploymentAffinityCheck._claim_pin = claim_another


def count_at_gemini() -> None:
    """Has Gemini count the tokens of its models.

    LiteLLM 1.109 takes the ids out of outputs of tools with a package of Google's, which it does not bring along, and fails without it
    at every count.
    """
    from litellm.llms.gemini.count_tokens.handler import GoogleAIStudioTokenCounter

    # Whether there is such a method to be replaced.
    _ = GoogleAIStudioTokenCounter._clean_contents_for_gemini_api

    def without_ids(_self, contents):
        cleaned = copy.deepcopy(contents)
        for content in cleaned or []:
            for part in content["parts"]:
                if isinstance(part.get("functionResponse"), dict):
                    part["functionResponse"].pop("id", None)
        return cleaned

    GoogleAIStudioTokenCounter._clean_contents_for_gemini_api = without_ids


# Of a path that a provider does not have, and what it says under the same status of a model.
NO_SUCH_PATH = {404, 405, 501}
NO_SUCH_MODEL = re.compile(r"model_not_found|[Mm]odel .{1,200} (?:does not exist|not found)")


def estimate_where_nobody_counts() -> None:
    """Has LiteLLM estimate tokens itself where the provider has no path for that, and say so (`litellm_count_source`).

    It does so for all providers that it knows no such path of. One that it calls as OpenAI at another address it asks, and fails if
    there is none.
    """
    from litellm.llms.openai.responses.count_tokens.token_counter import OpenAITokenCounter

    ask = OpenAITokenCounter._counted

    async def counted(*args, **kwargs):
        result = await ask(*args, **kwargs)
        failed = result is not None and result.error and result.status_code in NO_SUCH_PATH
        # LiteLLM counts itself where nobody did.
        return None if failed and not NO_SUCH_MODEL.search(result.error_message or "") else result

    OpenAITokenCounter._counted = staticmethod(counted)


# Each with what follows where it cannot be made.
MENDS = [
    (keep_the_headers_of_errors, "errors of /v1/messages do not say how long to wait"),
    (keep_the_headers_of_whole_answers, "whole answers of /v1/messages do not tell the provider's limits"),
    (keep_words_of_ends, "an answer that broke off may end as a whole one, where its provider has another word for it"),
    (tell_unknown_words_in_streams, "a stream that ends in a word that nobody knows does not tell the word"),
    (fail_where_a_whole_answer_is_half, "half an answer that is no stream may end as a whole one"),
    (fail_where_a_stream_says_that_it_broke_off, "a stream whose provider says that it broke off ends as one that is cut off"),
    (keep_the_statuses_of_errors_in_streams, "an error in a stream is a fault of the server, where its provider gives it no number"),
    (keep_the_statuses_of_errors_that_the_sdk_finds, "an error in a stream of openai/… is a fault of the server, whatever it is"),
    (fail_where_a_stream_breaks_off, "a stream that breaks off may end as a whole one"),
    (keep_the_end_before_done, "a stream that ends in [DONE] alone may end as a whole one"),
    (read_whole_answers_in_streams, "a whole answer in the place of a stream is an empty one"),
    (keep_the_ends_of_gemini, "half a stream of Gemini's may end as a whole one"),
    (keep_the_schemas_of_tools_at_gemini, "a tool whose schema has one of the rarer forms fails the call, or is offered as another"),
    (keep_the_ends_of_whole_answers_of_gemini, "half an answer of Gemini's may end as a whole one"),
    (ask_the_others, "a call that a provider refuses does not go to the other deployments of its name"),
    (count_at_gemini, "the tokens of a call of Gemini's are not counted"),
    (estimate_where_nobody_counts, "the tokens of a call are not counted where its provider has no path for that"),
]


def mend(mends=MENDS) -> None:
    """Makes each by itself. One that a version of LiteLLM has no place for is told in its log, and the start goes on."""
    for change, consequence in mends:
        try:
            change()
        except Exception as error:
            # Whatever a newer version raises: the others are made all the same.
            logging.getLogger("LiteLLM").warning(
                "Codex-Plus cannot mend this version of LiteLLM (%s: %s): %s", change.__name__, error, consequence
            )


def main() -> None:
    threading.Thread(target=end_with_the_starter, daemon=True).start()
    # Imported late: it takes seconds, and a starter may be gone before.
    from litellm import run_server

    resting = os.environ.pop(RESTING, None)
    if resting is not None:
        change_config(lambda config: left_out(config, json.loads(resting)))
    change_config(lambda config: keys_kept_apart(config, os.environ))
    mend()
    run_server()


if __name__ == "__main__":
    main()
