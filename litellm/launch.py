"""Runs LiteLLM's proxy and ends it when the process that started it is gone.

The starter holds the other end of our standard input and never writes to it. The operating system closes it when the
starter ends, however it ends, so that no LiteLLM is left behind.
"""

import os
import signal
import sys
import threading

GRACE_SECONDS = 5


def end_with_the_starter() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    # Whoever waited for an answer is gone too, so there is little to finish.
    threading.Event().wait(GRACE_SECONDS)
    os._exit(1)


def main() -> None:
    threading.Thread(target=end_with_the_starter, daemon=True).start()
    # Imported late: it takes seconds, and a starter may be gone before.
    from litellm import run_server

    run_server()


if __name__ == "__main__":
    main()
