"""Which of the 403s on stdin, a list of texts in JSON, have their deployment rest: a list of booleans on stdout."""

import importlib.util
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("launch", Path(__file__).parents[2] / "litellm" / "launch.py")
launch = importlib.util.module_from_spec(spec)
spec.loader.exec_module(launch)
print(json.dumps([launch.refuses_the_key(403, said) for said in json.load(sys.stdin)]))
