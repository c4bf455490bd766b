"""Lists the routes of the installed LiteLLM for tests/fixtures/litellm-routes.txt, on stdout:

    PYTHON tests/support/list-litellm-routes.py tests/fixtures/litellm-routes.txt

PYTHON is the one of an environment with the packages of litellm/requirements.txt. What the given list says of a route is kept; a
route that it does not have is marked "?": `calls` where the answer is, or has in it, what a model said; otherwise `free`.
"""

import importlib.metadata
import sys

from litellm.proxy._lazy_features import register_all_features
from litellm.proxy.proxy_server import app

# Their answers hold nothing that a client could run.
BODILESS = {"DELETE", "HEAD", "OPTIONS"}


def routes_of(route):
    """Yields method and path. FastAPI keeps the routes of a router behind an object of its own."""
    if type(route).__name__ == "_IncludedRouter":
        for inner in [*route.effective_candidates(), *route.effective_low_priority_routes()]:
            yield from routes_of(inner)
        return
    base = getattr(route, "starlette_route", None) or route
    path = getattr(route, "path", None) or getattr(base, "path", "")
    kind = type(getattr(route, "original_route", None) or base).__name__
    # Every WebSocket is refused where calls are decided.
    if path in ("", "/") or "WebSocket" in kind:
        return
    if kind == "Mount":
        for inner in getattr(base, "routes", None) or []:
            for method, below in routes_of(inner):
                yield method, path + below
        yield "GET", path + "/{file}"
        return
    methods = getattr(route, "methods", None) or getattr(base, "methods", None) or ()
    for method in set(methods) - BODILESS:
        yield method, path


def main(known_file):
    with open(known_file, encoding="utf-8") as lines:
        known = {tuple(words[1:]): words[0] for words in map(str.split, lines) if words[0] != "#"}
    register_all_features(app)
    found = {pair for route in app.routes for pair in routes_of(route)}
    print("# litellm", importlib.metadata.version("litellm"))
    for method, path in sorted(found, key=lambda pair: (pair[1], pair[0])):
        print(f"{known.get((method, path), '?'):5}", method, path)


main(sys.argv[1])
