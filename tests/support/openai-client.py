"""Calls a chat API with OpenAI's own Python SDK, and holds each byte of its streams against the SDK's types.

Reads `{"url", "model", "tools"}` and prints what came: the texts and calls as the SDK gives them, and `faults`: everything in a stream
that the contract of Chat Completions and Completions streams does not have.
"""

import json
import sys
from typing import Any

import httpx
from openai import APIStatusError, OpenAI
from openai.types import Completion, CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import BaseModel, ValidationError

HELLO = [{"role": "user", "content": "Say hello."}]


def unknown_members(value: Any, at: str) -> list[str]:
    """Members that the SDK's type of an object does not have."""
    if isinstance(value, list):
        return [fault for index, each in enumerate(value) for fault in unknown_members(each, f"{at}[{index}]")]
    if not isinstance(value, BaseModel):
        return []
    faults = [f"{at}.{name} is unknown" for name in value.model_extra or {}]
    return faults + [fault for name in value.model_fields_set for fault in unknown_members(getattr(value, name, None), f"{at}.{name}")]


def checked(kind: type[BaseModel], data: str, at: str, faults: list[str]) -> Any:
    try:
        value = kind.model_validate_json(data, strict=True)
    except ValidationError as error:
        faults.append(f"{at}: {error}")
        return kind.model_construct(**json.loads(data))
    faults.extend(unknown_members(value, at))
    return value


def frames(url: str, path: str, body: dict[str, Any], faults: list[str]) -> list[str]:
    """The data of each frame, of a stream that ends with [DONE] and has nothing but data and comments."""
    with httpx.stream("POST", f"{url}/v1/{path}", json={**body, "stream": True}, timeout=60) as answer:
        kind = answer.headers.get("content-type", "")
        raw = answer.read()
    if answer.status_code != 200 or not kind.startswith("text/event-stream"):
        faults.append(f"{answer.status_code} {kind}: {raw!r}")
        return []
    if not raw.endswith(b"\n\n"):
        faults.append("the last frame is not ended")
    told = []
    for frame in raw.decode().removesuffix("\n\n").split("\n\n"):
        for line in frame.split("\n"):
            if line.startswith("data: "):
                told.append(line.removeprefix("data: "))
            elif not line.startswith(":"):
                faults.append(f"neither data nor a comment: {line!r}")
    if told[-1:] != ["[DONE]"] or "[DONE]" in told[:-1]:
        faults.append("[DONE] is not the last frame, once")
    return told[:-1]


def check_common(chunks: list[Any], faults: list[str]) -> None:
    if len({(chunk.id, chunk.created, chunk.model) for chunk in chunks}) != 1:
        faults.append("id, created and model are not the same in each chunk")
    if len([1 for chunk in chunks for choice in chunk.choices if choice.finish_reason]) != 1:
        faults.append("not exactly one reason for the end")


def check_usage(chunks: list[Any], asked: bool, faults: list[str]) -> None:
    if not asked:
        if any(chunk.usage for chunk in chunks):
            faults.append("usage that nobody asked for")
        return
    *others, last = chunks
    if last.choices or not isinstance(last.usage, CompletionUsage):
        faults.append("the last chunk is not the usage alone")
    if any(chunk.usage or not chunk.choices for chunk in others):
        faults.append("usage before the last chunk")
    if any("usage" not in chunk.model_fields_set for chunk in others):
        faults.append("a chunk without `usage: null` where usage was asked for")


def chat_stream(url: str, body: dict[str, Any], asked: bool) -> dict[str, Any]:
    faults: list[str] = []
    more = {"stream_options": {"include_usage": True}} if asked else {}
    told = frames(url, "chat/completions", {**body, **more}, faults)
    chunks = [checked(ChatCompletionChunk, data, f"chunk {index}", faults) for index, data in enumerate(told)]
    if not chunks:
        return {"faults": faults}
    check_common(chunks, faults)
    check_usage(chunks, asked, faults)
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    if [index for index, delta in enumerate(deltas) if delta.role] != [0]:
        faults.append("the role is not told once, first")
    ended = [index for index, chunk in enumerate(chunks) for choice in chunk.choices if choice.finish_reason]
    if ended != [len(chunks) - (2 if asked else 1)]:
        faults.append("something is said behind the reason for the end")
    calls: dict[int, dict[str, str]] = {}
    for delta in deltas:
        for call in delta.tool_calls or []:
            known = call.index in calls
            if known == bool(call.id) or known == bool(call.function.name):
                faults.append("id and name are not in the first piece of a call alone")
            made = calls.setdefault(call.index, {"id": call.id, "name": call.function.name, "arguments": ""})
            made["arguments"] += call.function.arguments or ""
    return {
        "text": "".join(delta.content or "" for delta in deltas),
        "calls": list(calls.values()),
        "end": [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason],
        "faults": faults,
    }


def completion_stream(url: str, body: dict[str, Any], asked: bool) -> dict[str, Any]:
    faults: list[str] = []
    more = {"stream_options": {"include_usage": True}} if asked else {}
    told = frames(url, "completions", {**body, **more}, faults)
    chunks = []
    for index, data in enumerate(told):
        # OpenAI's schema of a completion wants a reason for the end in each piece; its streams have null in all but the last.
        piece = json.loads(data)
        open_ends = [choice for choice in piece["choices"] if choice["finish_reason"] is None]
        as_typed = {**piece, "choices": [{**choice, "finish_reason": "stop"} if choice in open_ends else choice for choice in piece["choices"]]}
        checked(Completion, json.dumps(as_typed), f"chunk {index}", faults)
        chunks.append(Completion.construct(**piece))
    if not chunks:
        return {"faults": faults}
    check_common(chunks, faults)
    check_usage(chunks, asked, faults)
    return {"text": "".join(choice.text for chunk in chunks for choice in chunk.choices), "faults": faults}


def whole(url: str, path: str, kind: type[BaseModel], body: dict[str, Any]) -> dict[str, Any]:
    faults: list[str] = []
    answer = httpx.post(f"{url}/v1/{path}", json=body, timeout=60)
    if answer.status_code != 200:
        return {"faults": [f"{answer.status_code}: {answer.text}"]}
    value = checked(kind, answer.text, path, faults)
    return {"value": value.model_dump(mode="json"), "faults": faults}


def with_sdk(client: OpenAI, model: str, tools: list[Any]) -> dict[str, Any]:
    answer = client.chat.completions.create(model=model, messages=HELLO)
    streamed = client.chat.completions.create(model=model, messages=HELLO, stream=True)
    with client.chat.completions.stream(model=model, messages=HELLO, tools=tools) as helper:
        for _ in helper:
            pass
        final = helper.get_final_completion()
    try:
        client.chat.completions.create(model=model, messages=HELLO, n=2)
        refused = None
    except APIStatusError as error:
        refused = {"status": error.status_code, "code": error.code, "type": error.type, "param": error.param}
    return {
        "text": answer.choices[0].message.content,
        "tokens": answer.usage.total_tokens if answer.usage else None,
        "streamed": "".join(chunk.choices[0].delta.content or "" for chunk in streamed if chunk.choices),
        "helper": final.choices[0].message.content,
        "models": [each.id for each in client.models.list()],
        "refused": refused,
    }


def main() -> None:
    asked = json.load(sys.stdin)
    url, model, tools = asked["url"], asked["model"], asked["tools"]
    chat = {"model": model, "messages": HELLO}
    told = {
        "sdk": with_sdk(OpenAI(base_url=f"{url}/v1", api_key="unused", max_retries=0), model, tools),
        "whole": whole(url, "chat/completions", ChatCompletion, chat),
        "wholeCompletion": whole(url, "completions", Completion, {"model": model, "prompt": "Say hello."}),
        "stream": chat_stream(url, chat, asked=False),
        "streamWithUsage": chat_stream(url, chat, asked=True),
        "calls": chat_stream(url, {**chat, "messages": [{"role": "user", "content": "Call the tools."}], "tools": tools}, asked=True),
        "completion": completion_stream(url, {"model": model, "prompt": "Say hello."}, asked=False),
        "completionWithUsage": completion_stream(url, {"model": model, "prompt": "Say hello."}, asked=True),
    }
    json.dump(told, sys.stdout)


main()
