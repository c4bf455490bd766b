"""What the installed LiteLLM takes as `litellm_params.model`, as JSON on stdout: the providers that may stand before a slash, the
hosts by whose address it knows the provider, and the models with another word before the slash that it knows by their whole name."""

import json
from urllib.parse import urlparse

import litellm
from litellm.llms.openai_like.json_loader import JSONProviderRegistry

providers = {getattr(each, "value", each) for each in litellm.provider_list} | set(JSONProviderRegistry.list_providers())
lists = [getattr(litellm, name) for name in dir(litellm) if name.endswith("_models")]
known = {*litellm.model_cost, *(model for each in lists if isinstance(each, set | list | tuple) for model in each)}


def is_taken(model):
    try:
        litellm.get_llm_provider(model)
    except litellm.BadRequestError:
        return False
    return True


def host_of(endpoint):
    return urlparse(endpoint if "//" in endpoint else f"https://{endpoint}").hostname


litellm.suppress_debug_info = True
hosts = {host_of(endpoint) for endpoint in litellm.openai_compatible_endpoints}
others = {model for model in known if "/" in model and model.split("/", 1)[0] not in providers}
taken = sorted(filter(is_taken, others))
print(json.dumps({"providers": sorted(providers), "hosts": sorted(hosts), "models": taken}))
