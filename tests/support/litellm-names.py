"""Prints which deployments LiteLLM would call for names: its proxy's gate and its router, without a server.

Reads a list of cases, each with the `model_list` and `router_settings` of a configuration and the `names` that are called, and prints for
each name the models of its deployments, or null where LiteLLM refuses it.
"""

import asyncio
import json
import sys

import litellm
from litellm import Router
from litellm.proxy.route_llm_request import route_request


class Gate:
    """The router as the proxy sees it; a call is not made."""

    def __init__(self, router: Router) -> None:
        self.router = router

    def __getattr__(self, name: str) -> object:
        return getattr(self.router, name)

    def acompletion(self, **call: object) -> dict[str, object]:
        return call


def found(router: Router, name: str) -> list[str] | None:
    name = litellm.model_alias_map.get(name, name)
    body = {"model": name, "messages": [{"role": "user", "content": "hi"}]}
    try:
        call = asyncio.run(route_request(data=body, llm_router=Gate(router), user_model=None, route_type="acompletion"))
        _, deployments = router._common_checks_available_deployment(
            model=name,
            request_kwargs={},
            specific_deployment=call.get("specific_deployment", False),
        )
    except Exception:
        return None
    each = [deployments] if isinstance(deployments, dict) else deployments
    return sorted(deployment["litellm_params"]["model"] for deployment in each)


def answers(case: dict) -> list[list[str] | None]:
    litellm.model_alias_map = case.get("model_alias_map", {})
    router = Router(model_list=case["model_list"], **case.get("router_settings", {}))
    return [found(router, name) for name in case["names"]]


print(json.dumps([answers(case) for case in json.load(sys.stdin)]))
