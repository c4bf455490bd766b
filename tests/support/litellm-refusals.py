"""For errors on stdin, a list of statuses and texts in JSON, whether the other deployments are asked, and whether the one rests: pairs of booleans on stdout."""

import importlib.util
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("launch", Path(__file__).parents[2] / "litellm" / "launch.py")
launch = importlib.util.module_from_spec(spec)
spec.loader.exec_module(launch)


class Refusal(Exception):
    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status_code = status


print(
    json.dumps(
        [
            [launch.is_refused(Refusal(status, said)), launch.refuses_the_key(status, said)]
            for status, said in json.load(sys.stdin)
        ]
    )
)
