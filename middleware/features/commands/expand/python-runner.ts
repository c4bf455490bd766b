/**
 * The program that runs a Python command: `main` or `prompt` where the file defines one, otherwise what the file prints.
 * It is passed to the interpreter as text, so that no file of ours has to be found.
 */
export const pythonRunner = `
import sys
# Before all other imports: a module of the working directory must not take the place of Python's own.
sys.path[:] = [entry for entry in sys.path if entry]
import ast, asyncio, inspect, io, json, os, types
file = sys.argv[1]
import base64
script, text = sys.stdin.read().split("\\n", 1)
script = base64.b64decode(script)
context = json.loads(text)
sys.argv = [file, *context["argv"]]
sys.stdin = io.StringIO(text)
sys.path.insert(0, os.path.dirname(file))
tree = ast.parse(script, file)
def run(name):
    # As a module of that name, so that classes of the script can be pickled and its annotations be looked up.
    module = types.ModuleType(name)
    module.__dict__.update({"__file__": file, "__builtins__": __builtins__, "__cached__": None})
    sys.modules[name] = module
    exec(compile(script, file, "exec", dont_inherit=True), module.__dict__)
    return module.__dict__
names = set()
for statement in tree.body:
    names.update([statement.name] if hasattr(statement, "name") else [])
    names.update(target.id for target in getattr(statement, "targets", []) if isinstance(target, ast.Name))
if not names & {"main", "prompt"}:
    run("__main__")
    sys.exit()
stdout, sys.stdout = sys.stdout, io.StringIO()
module = run("codex_plus_command")
made = module.get("main", module.get("prompt"))
if callable(made):
    made = made(context) if inspect.signature(made).parameters else made()
if inspect.iscoroutine(made):
    made = asyncio.run(made)
if made is None:
    made = sys.stdout.getvalue()
if not isinstance(made, str):
    sys.exit("the command must return a text, not " + type(made).__name__)
stdout.write(made)
`;
