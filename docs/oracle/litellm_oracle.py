#!/usr/bin/env python3
"""Ask LiteLLM itself where a key and a base come from, and write it down.

For every provider the real call path (litellm.completion) is run with planted
variables, parameters and module globals. Nothing leaves the machine: the send
method of every HTTP client is replaced by one that records address and headers
and ends the call. See README.md beside this file.

usage: python litellm_oracle.py [--only NAME,NAME] OUT.tsv
       python litellm_oracle.py --addresses OUT.tsv
"""
import base64
import itertools
import json
import os
import re
import socket
import sys
from importlib.metadata import version

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_MODE"] = "PRODUCTION"  # no load_dotenv at import
os.environ["HOME"] = "/nonexistent"
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["NO_GCE_CHECK"] = "true"


class Sent(BaseException):
    """A request reached the network door. BaseException: nothing catches it."""

    def __init__(self, url, headers):
        super().__init__(url)
        self.url, self.headers = str(url), {k.lower(): v for k, v in dict(headers).items()}


def no_network(*_a, **_k):
    raise OSError("oracle: no network")


socket.create_connection = no_network
socket.getaddrinfo = no_network

import httpx  # noqa: E402
import requests  # noqa: E402

try:
    import httpx2
except ImportError:
    httpx2 = None


def fake(module, request):
    """Token endpoints are answered, so that the call behind them is seen."""
    host = request.url.host if hasattr(request.url, "host") else str(request.url)
    if "iam.cloud.ibm.com" in host or "ngw.devices.sberbank.ru" in host:
        body = {"access_token": "iam-" + recover(request), "expires_in": 3600, "expiration": 4102444800,
                "expires_at": 4102444800000}
        return module.Response(200, json=body, request=request)
    path = str(request.url)
    if path.endswith("/api/show"):  # ollama asks for the model's template first
        return module.Response(200, json={"model_info": {}, "template": "", "capabilities": []}, request=request)
    if "/models/oracle-model" in path and not path.endswith("predictions") and request.method == "GET":
        return module.Response(200, json={}, request=request)  # lemonade asks for the model first
    if "huggingface.co/api/models" in path:
        mapping = {"together": {"status": "live", "providerId": "meta/oracle", "task": "conversational"}}
        return module.Response(200, json={"inferenceProviderMapping": mapping}, request=request)
    if "huggingface.co/" in path and "/raw/" in path:
        return module.Response(404, json={}, request=request)  # prompt templates
    raise Sent(request.url, request.headers)


def recover(request):
    """The canary inside a token request, so that its source stays visible."""
    text = request.read().decode("utf-8", "replace") + " " + " ".join(request.headers.values())
    m = CANARY.search(text)
    return m.group(0) if m else "none"


CANARY = re.compile(r"cnry-[A-Za-z0-9_]+-x")
httpx.Client.send = lambda self, request, **_k: fake(httpx, request)
if httpx2:
    httpx2.Client.send = lambda self, request, **_k: fake(httpx2, request)


async def async_send(self, request, **_k):
    raise Sent(request.url, request.headers)


httpx.AsyncClient.send = async_send
if httpx2:
    httpx2.AsyncClient.send = async_send


def requests_send(self, request, **_k):
    raise Sent(request.url, request.headers)


requests.Session.send = requests_send

import litellm  # noqa: E402

litellm.suppress_debug_info = True
litellm.drop_params = True
litellm.telemetry = False

READ = set()


class Env(type(os.environ)):
    """The environment, remembering every name that is asked for."""

    def __getitem__(self, key):
        if isinstance(key, str):
            READ.add(key)
        return super().__getitem__(key)


os.environ.__class__ = Env
CLEAN = dict(os.environ)

KEYISH = re.compile(r"(KEY|TOKEN|JWT|APIKEY|SECRET|CREDENTIALS|BEARER_TOKEN_BEDROCK)$")
BASEISH = re.compile(r"(BASE|URL|URI|ENDPOINT|HOST|HOSTNAME|AGENT_ENDPOINT)$")
# Asked for on every call, or part of something that is not this provider's key.
NOISE = re.compile(r"^(LITELLM_(?!PROXY)|LANGFUSE|LANGSMITH|HTTP|NO_PROXY|ALL_PROXY|SSL|REDIS|OTEL|DD_|DATADOG|SENTRY|"
                   r"AWS_(?!BEARER_TOKEN_BEDROCK|BEDROCK_RUNTIME_ENDPOINT)|OPENAI_ADMIN_KEY|OPENAI_WEBHOOK|"
                   r"WATSONX_IAM_URL|GCS|GOOGLE_APPLICATION|IDENTITY|MSI|AZURE_CLIENT|AZURE_TENANT|AZURE_FEDERATED|AZURE_AUTHORITY_HOST|"
                   r"PROXY_BASE_URL|BERRISPEND|HF_ENDPOINT|HF_HOME|HUGGING_FACE_HUB_TOKEN_PATH)")

GLOBALS = sorted(n for n in set(vars(litellm)) | set(getattr(litellm, "__annotations__", {}))
                 if re.fullmatch(r"([a-z0-9_]+_)?(api_key|key)", n) and not n.startswith("_")
                 and n not in ("redact_user_api_key",)
                 and getattr(litellm, n, None) is None)
BASEGLOBALS = ["api_base"]

# What a call needs beside key and base. The values are the oracle's own.
MODEL = {"cohere": "command-a-03-2025", "cohere_chat": "command-a-03-2025", "anthropic": "claude-haiku-4-5", "openai": "gpt-4.1",
         "anthropic_text": "claude-2", "gemini": "gemini-2.5-flash", "vertex_ai": "gemini-2.5-flash", "vertex_ai_beta": "gemini-2.5-flash",
         "bedrock": "anthropic.claude-haiku-4-5-20251001-v1:0", "ai21_chat": "jamba-mini", "replicate": "meta/oracle",
         "ragflow": "chat/abc/oracle", "watsonx": "ibm/oracle", "watsonx_text": "ibm/oracle", "oci": "meta.llama-3.1-8b-instruct",
         "text-completion-openai": "gpt-3.5-turbo-instruct", "text-completion-codestral": "codestral-latest", "azure_text": "gpt-35-turbo-instruct",
         "huggingface": "together/meta/oracle", "clarifai": "user.app.oracle"}
EXTRA = {
    "azure": {"api_version": "2024-10-21"}, "azure_text": {"api_version": "2024-10-21"},
    "vertex_ai": {"vertex_project": "prj", "vertex_location": "europe-west4"},
    "vertex_ai_beta": {"vertex_project": "prj", "vertex_location": "europe-west4"},
    "watsonx": {"project_id": "prj"}, "watsonx_text": {"project_id": "prj"},     "bedrock": {"aws_region_name": "eu-west-1"}, "sagemaker": {"aws_region_name": "eu-west-1", "aws_access_key_id": "AKIAORACLE", "aws_secret_access_key": "s"},
    "sagemaker_chat": {"aws_region_name": "eu-west-1", "aws_access_key_id": "AKIAORACLE", "aws_secret_access_key": "s"},
    "snowflake": {},
}
NORETRY = {"gradient_ai"}  # refuses the parameter
ENV = {"cloudflare": {"CLOUDFLARE_ACCOUNT_ID": "acct"}, "snowflake": {"SNOWFLAKE_ACCOUNT_ID": "acct"},
       "predibase": {"PREDIBASE_TENANT_ID": "ten"},
       "bedrock_mantle": {"AWS_REGION": "eu-west-1"}}


def canary(name):
    return "cnry-" + re.sub(r"[^A-Za-z0-9]", "_", name) + "-x"


def host(name):
    return "http://" + re.sub(r"[^a-z0-9]", "-", name.lower()) + ".oracle.test/pre"


def run(provider, params=None, env=None, globs=None):
    """One call. Returns (Sent | None, text of the error)."""
    for k in list(os.environ):
        if k not in CLEAN:
            del os.environ[k]
    os.environ.update(CLEAN)
    os.environ.update(ENV.get(provider, {}))
    os.environ.update(env or {})
    for g in GLOBALS + BASEGLOBALS:
        setattr(litellm, g, (globs or {}).get(g))
    litellm.in_memory_llm_clients_cache.flush_cache()
    try:
        from litellm.llms.watsonx import common_utils
        common_utils.iam_token_cache.flush_cache()
    except Exception:
        pass
    READ.clear()
    stub_google()
    kwargs = dict(EXTRA.get(provider, {}))
    kwargs.update(params or {})
    fn = litellm.completion
    try:
        fn(model=provider + "/" + MODEL.get(provider, "oracle-model"), messages=[{"role": "user", "content": "hi"}],
           max_tokens=5, timeout=2, **({} if provider in NORETRY else {"max_retries": 0, "num_retries": 0}), **kwargs)
    except Sent as s:
        return s, ""
    except BaseException as e:  # noqa: BLE001
        cause = e
        while cause is not None:
            if isinstance(cause, Sent):
                return cause, ""
            cause = cause.__cause__ or cause.__context__
        return None, "error: " + plain(e)
    return None, "no request"


def plain(e):
    """The first words of an error, without places on this machine."""
    text = re.sub(r"\s+", " ", str(e)).split("Traceback")[0]
    text = re.sub(r"^litellm\.\w+: ", "", re.sub(r"/\S+/site-packages/\S+", "", text))
    return type(e).__name__ + " " + text[:90].strip()


def stub_google():
    from litellm.llms.vertex_ai.vertex_llm_base import VertexBase

    def token(self, credentials=None, project_id=None, **_k):
        seen = credentials if isinstance(credentials, str) else "default"
        return "google-" + seen, project_id or "prj"

    VertexBase._ensure_access_token = token
    VertexBase.get_access_token = token


def winner(sent, names):
    """Which planted name arrived, and in which header."""
    if sent is None:
        return None, None
    for where, text in itertools.chain(sent.headers.items(), [("query", sent.url)]):
        texts = [text]
        m = re.match(r"Basic (.+)", text)
        if m:
            texts.append(base64.b64decode(m.group(1) + "==").decode("utf-8", "replace"))
        for n in names:
            if any(canary(n) in t for t in texts):
                scheme = text.split(" ")[0] if where == "authorization" else ""
                return n, (where + " " + scheme).strip()
    return None, None


def split(plant, value):
    params = {n.split(":", 1)[1]: value(n) for n in plant if n.startswith("param:")}
    globs = {n.split(":", 1)[1]: value(n) for n in plant if n.startswith("global:")}
    env = {n: value(n) for n in plant if ":" not in n}
    return params, env, globs


def peel(provider, names, pattern, value, who, fixed):
    """Plant everything, see which wins, take it out, again: the order."""
    names, order, detail, err = set(names), [], {}, ""
    gone = set()
    for _ in range(60):
        params, env, globs = split(names, value)
        params = {**fixed[0], **params}
        env = {**fixed[1], **env}
        sent, err = run(provider, params, env, globs)
        found = {n for n in READ if pattern.search(n) and not NOISE.search(n)} - gone - names - set(fixed[1])
        if found:
            names |= found
            continue
        n, how = who(sent, names)
        if n is None:
            return order, detail, sent, err
        order.append(n)
        detail[n] = how
        names.discard(n)
        gone.add(n)
    return order, detail, None, "did not settle"


def pairs(provider, order, value, who, fixed):
    """Every two of them planted alone must agree with the order."""
    bad = []
    for a, b in itertools.combinations(order, 2):
        params, env, globs = split({a, b}, value)
        sent, _ = run(provider, {**fixed[0], **params}, {**fixed[1], **env}, globs)
        n, _ = who(sent, {a, b})
        if n != a:
            bad.append(f"{a}~{b}={n}")
    for a in order:
        params, env, globs = split({a}, value)
        sent, _ = run(provider, {**fixed[0], **params}, {**fixed[1], **env}, globs)
        if who(sent, {a})[0] != a:
            bad.append(f"{a} alone fails")
    return len(order) * (len(order) - 1) // 2, bad


def base_winner(sent, names):
    if sent is None:
        return None, None
    for n in names:
        if host(n)[7:].split("/")[0] in sent.url:
            return n, sent.url.split(host(n))[-1]
    return None, None


def ask(provider):
    row = {"provider": provider, "model": MODEL.get(provider, "oracle-model")}
    try:
        row["guess"] = litellm.get_llm_provider(provider + "/" + row["model"])[1]
    except BaseException as e:  # noqa: BLE001
        row["guess"] = "error: " + plain(e)
    # Keys, on the provider's default base.
    names = ["param:api_key"] + ["global:" + g for g in GLOBALS]
    # Discovery with nothing planted at all: some names are read only then.
    foreign = ({"api_base": host("fixedbase")}, {})
    seed = set()
    for p in ({}, foreign[0]):
        run(provider, p)
        seed |= {n for n in READ if KEYISH.search(n) and not NOISE.search(n)}
    names += sorted(seed)
    fixed = ({}, {})
    order, detail, last, err = peel(provider, names, KEYISH, canary, winner, fixed)
    away, away_detail, away_last, away_err = peel(provider, names, KEYISH, canary, winner, foreign)
    # The same with somebody else's base as a parameter: what goes there?
    row["keys_foreign_base"] = (away or ["none"]) if away != order and order else []
    if not order:  # no default base
        fixed, order, detail, last, err = foreign, away, away_detail, away_last, away_err
    row["keys"] = order
    row["auth"] = sorted(set(detail.values()))
    row["no_key"] = (last.headers.get("authorization") or last.headers.get("x-api-key") or "sent without a key") if last else err
    row["no_key"] = re.sub(r"^AWS4-HMAC-SHA256.*", "AWS4-HMAC-SHA256", row["no_key"])
    n, bad = pairs(provider, order, canary, winner, fixed)
    row["key_pairs"], row["key_pairs_bad"] = n, bad
    # Bases. The key is planted as a parameter.
    fixed = ({"api_key": canary("fixedkey")}, {})
    seed = set()
    run(provider, {"api_key": canary("fixedkey")})
    seed |= {n for n in READ if BASEISH.search(n) and not NOISE.search(n)}
    order, detail, last, err = peel(provider, ["param:api_base", "global:api_base"] + sorted(seed), BASEISH, host, base_winner, fixed)
    if not order and last is None:
        env = {}
        for k in row["keys"]:
            if ":" not in k:
                env = {k: canary(k)}
        if env:
            fixed = ({}, env)
            order, detail, last, err = peel(provider, ["param:api_base", "global:api_base"] + sorted(seed), BASEISH, host, base_winner, fixed)
    row["bases"] = order
    row["appended"] = sorted({str(v) for v in detail.values()})
    last, err = run(provider, *fixed)  # nothing else planted: the default base
    row["default"] = re.sub(r"cnry-\w+-x", "KEY", last.url) if last else err
    row["guess_from_base"] = guess_from_base(row)
    n, bad = pairs(provider, order, host, base_winner, fixed)
    row["base_pairs"], row["base_pairs_bad"] = n, bad
    return row


def guess_from_base(row):
    """What a model without a prefix beside this provider's default base is taken for."""
    tail = row["appended"][-1] if row["appended"] else ""
    if not row["default"].startswith("http") or not tail or not row["default"].endswith(tail):
        return ""
    for k in list(os.environ):
        if k not in CLEAN:
            del os.environ[k]
    try:
        return litellm.get_llm_provider("oracle-model", api_base=row["default"][:-len(tail)], api_key=canary("param"))[1]
    except BaseException:  # noqa: BLE001
        return "none"


# Addresses that depend on more than the base: versions, regions, custom bases.
ADDRESSES = [
    ("azure", {"api_base": "http://h.test"}, {}), ("azure", {"api_base": "http://h.test"}, {"AZURE_API_VERSION": "A"}),
    ("azure", {"api_base": "http://h.test"}, {"OPENAI_API_VERSION": "B"}),
    ("azure_ai", {"api_base": "https://x.services.ai.azure.com"}, {}),
    ("vertex_ai", {"vertex_project": "p"}, {}), ("vertex_ai", {"vertex_project": "p"}, {"VERTEXAI_LOCATION": "europe-west4"}),
    ("vertex_ai", {"vertex_project": "p", "vertex_location": "global"}, {}), ("vertex_ai", {"vertex_project": "p", "vertex_location": "eu"}, {}),
    ("vertex_ai", {"vertex_project": "p"}, {"GOOGLE_CLOUD_LOCATION": "europe-west4"}),
    ("vertex_ai", {"vertex_location": "global"}, {"VERTEXAI_PROJECT": "p1"}),
    ("vertex_ai", {"vertex_location": "global"}, {"GOOGLE_CLOUD_PROJECT": "p2"}),
    ("bedrock", {}, {}), ("bedrock", {}, {"AWS_REGION_NAME": "r1", "AWS_REGION": "r2"}),
    ("bedrock", {}, {"AWS_REGION": "r2", "AWS_DEFAULT_REGION": "r3"}), ("bedrock", {}, {"AWS_DEFAULT_REGION": "r3"}),
    ("bedrock_mantle", {}, {}), ("bedrock_mantle", {}, {"BEDROCK_MANTLE_REGION": "r4", "AWS_REGION_NAME": "r1"}),
    ("bedrock_mantle", {}, {"AWS_REGION_NAME": "r1", "AWS_REGION": "r2"}),
    ("gemini", {"api_base": "https://x.test/v1beta"}, {}), ("gemini", {"api_base": "https://x.test"}, {}),
    ("snowflake", {}, {"SNOWFLAKE_ACCOUNT_ID": "acct"}), ("snowflake", {"api_base": "https://x.test"}, {}),
    ("cohere", {"api_base": "https://x.test"}, {}), ("huggingface", {"api_base": "https://x.test/v1"}, {}),
] + [(p, {"api_base": b}, {}) for p in ("openai", "anthropic", "mistral", "minimax", "cometapi", "bigmodel", "groq", "xai", "ollama")
     for b in ("https://x.test", "https://x.test/v1", "https://x.test/v1/")]


def addresses(path):
    saved = dict(EXTRA)
    EXTRA.clear()
    kept = dict(ENV)
    ENV.clear()
    with open(path, "w") as out:
        out.write("# LiteLLM " + version("litellm") + ", executed 2026-11-21 by litellm_oracle.py --addresses.\n")
        out.write("provider\tparameters\tvariables\taddress\n")
        for p, params, env in ADDRESSES:
            key = {} if p == "vertex_ai" else {"api_key": "k"}
            sent, err = run(p, {**key, **params}, env)
            text = [" ".join(f"{k}={v}" for k, v in d.items()) for d in (params, env)]
            out.write("\t".join([p, *text, sent.url if sent else err]) + "\n")
    EXTRA.update(saved)
    ENV.update(kept)


def providers():
    from litellm.llms.openai_like.json_loader import JSONProviderRegistry
    names = [p.value for p in litellm.LlmProviders]
    JSONProviderRegistry.exists("x")
    path = os.path.join(os.path.dirname(litellm.__file__), "llms/openai_like/providers.json")
    with open(path) as f:
        names += list(json.load(f))
    names += ["anyscale", "custom_openai", "aleph_alpha"]
    return sorted(set(names))


COLUMNS = ["provider", "model", "guess", "keys", "auth", "no_key", "key_pairs", "key_pairs_bad", "keys_foreign_base",
           "bases", "appended", "default", "guess_from_base", "base_pairs", "base_pairs_bad"]


def main():
    args = sys.argv[1:]
    only = None
    if args[0] == "--addresses":
        addresses(args[1])
        return
    if args[0] == "--only":
        only, args = args[1].split(","), args[2:]
    with open(args[0], "w") as out:
        out.write("# LiteLLM " + version("litellm") +
                  ", executed 2026-11-21 by litellm_oracle.py. Lists are joined by \" > \".\n")
        out.write("\t".join(COLUMNS) + "\n")
        for p in only or providers():
            row = ask(p)
            cells = [" > ".join(map(str, row[c])) if isinstance(row[c], list) else str(row[c]) for c in COLUMNS]
            out.write("\t".join(re.sub(r"[\t\n]", " ", c) for c in cells) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
