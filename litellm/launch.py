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


def main() -> None:
    threading.Thread(target=end_with_the_starter, daemon=True).start()
    # Imported late: it takes seconds, and a starter may be gone before.
    from litellm import run_server

    resting = os.environ.pop(RESTING, None)
    if resting is not None:
        leave_out(json.loads(resting))
    keep_the_time_to_wait()
    run_server()


if __name__ == "__main__":
    main()
