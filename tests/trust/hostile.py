"""What somebody may send who means no good, or whose program is broken: made by chance, and by hand."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.trust.description import resolved

MARKUP = [
    "<script>window.ran=1</script>",
    '"><script>window.ran=1</script>',
    "<img src=x onerror=window.ran=1>",
    "<svg/onload=window.ran=1>",
    "</textarea><script>window.ran=1</script>",
    "</title><svg onload=window.ran=1>",
    "'-window.ran=1-'",
    '" autofocus onfocus=window.ran=1 x="',
    "<a href=javascript:window.ran=1>klik</a>",
    "javascript:window.ran=1//https://a.dk",
    "<iframe srcdoc='<script>parent.ran=1</script>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.ran=1>",
    "<!--<img src='--><img src=x onerror=window.ran=1>'>",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "\u003cscript\u003ewindow.ran=1\u003c/script\u003e",
    "<base href=https://example.org/>",
    "<meta http-equiv=refresh content='0;url=javascript:window.ran=1'>",
    "<form action=https://example.org><button>Send</button></form>",
    "<style>@import 'https://example.org/x.css'</style>",
    "]]><script>window.ran=1</script>",
]
COMMANDS = [
    "/restart",
    " /restart",
    "\t/restart",
    "//restart",
    "/ /restart",
    "\u200b/restart",
    "\u2060\ufeff/restart",
    "\u202e/restart",
    "\uff0frestart",
    "\u2044restart",
    "\u2215restart",
    "\u29f8restart",
    '/deadline{"pool":"x"}',
    '/handoff{"name":"x"}',
    '/move.confirm@0.99{"a":"b"}',
    "/session_start",
    "/back",
    "/intent[restart]",
    '/deadline[{"entity":"pool","value":"x"}]',
    "\n\n/restart\n",
    "EXTERNAL: restart",
    "@restart",
    "[restart](restart)",
    '[x]{"entity": "pool", "value": "y"}',
    "action_restart",
    "utter_error_failed",
]
SYNTAX = [
    "'; DROP TABLE events; --",
    "' OR '1'='1",
    "1; SELECT pg_sleep(10)--",
    "%' UNION SELECT password FROM auth_user --",
    "{{7*7}}{% debug %}{{ settings.SECRET_KEY }}",
    "{page} {0} {__class__} %(x)s %s ${x} #{x} <%= 7*7 %>",
    "{0.__class__.__mro__[1].__subclasses__()}",
    "!!python/object/apply:os.system ['true']",
    "- &a [*a, *a]\n? !!map {}\n---\n%YAML 1.2",
    "__import__('os').system('true')",
    "$(touch /tmp/x) `touch /tmp/x` | touch /tmp/x",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd\0.txt",
    "file:///etc/passwd http://169.254.169.254/",
    "${jndi:ldap://127.0.0.1/x}",
    "=cmd|' /C calc'!A0",
    "Subject: x\r\nBcc: a@example.org\r\n\r\nhej",
    "HTTP/1.1 200 OK\r\nSet-Cookie: x=y\r\n\r\n",
    '{"$ne": null}',
    "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
    "*" * 200,
    "(a+)+$" + "a" * 60 + "!",
]
ODD = [
    "",
    " ",
    "\0",
    "fristen\0?",
    "\x1b[31mrød\x1b[0m \x07\x08",
    "\u202etsirf re ravnrovh\u202c",
    "\u2066\u2067\u2068x\u2069",
    "f\u0301\u0302\u0303r\u0304i\u0305s\u0306t" * 20,
    "a\u030a" * 300,
    "ﷺ" * 100,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 30,
    "\ud800",
    "fristen \udfff?",
    "\ufffe\uffff\ufdd0",
    "ⅷ ½ ٣ 〇 ߁",
    "𝐡𝐯𝐨𝐫𝐧å𝐫 𝐞𝐫 𝐟𝐫𝐢𝐬𝐭𝐞𝐧",
    "Ѕсrірt аnd hоmоglурhѕ",
    "\u2028\u2029\x85\x0b\x0c",
    "a" * 1000,
    "æ" * 1000,
    "a" * 1001,
    "ord " * 250,
    "? " * 500,
    "1" * 1000,
    "01" * 500,
    "010190-1234 " * 80,
    "a@" * 400,
    "hvad er fristen? " * 58,
    "🇩🇰",
    "nej" * 300,
    "NaN",
    "null",
    "true",
    "-0",
    "1e999",
]
QUESTIONS = [
    "Hvornår er fristen?",
    "hvem kan søge puljen om udsatte boligområder",
    "jeg vil tale med et menneske",
    "ja",
    "nej",
    "tilbage",
    "annullér",
    "spring over",
    "hvor står det?",
    "og den anden pulje?",
    "mette@eksempel.dk",
]
BY_HAND = [*MARKUP, *COMMANDS, *SYNTAX, *ODD]
ANSWER = "{answer}"
"""Stands for the id of an answer that was given in the conversation."""

TEXT: SearchStrategy[str] = st.one_of(
    st.sampled_from(BY_HAND),
    st.sampled_from(QUESTIONS),
    st.text(max_size=60),
    st.text(st.characters(), min_size=900, max_size=1100),
    st.tuples(st.sampled_from(BY_HAND), st.sampled_from(["", " ", "\n", "\u200b"]), st.sampled_from(QUESTIONS)).map(
        "".join
    ),
    st.tuples(st.sampled_from(QUESTIONS), st.sampled_from(BY_HAND)).map(" ".join),
)
ANYTHING: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def fitting(schema: dict[str, Any]) -> SearchStrategy[Any]:
    """Return values that fit a schema of the description, as far as the schema can tell."""
    schema = resolved(schema)
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    kind = schema.get("type")
    if isinstance(kind, list):
        return st.one_of([fitting({**schema, "type": one}) for one in kind])
    if kind == "object":
        fields = {name: fitting(part) for name, part in schema.get("properties", {}).items()}
        needed = {name: fields.pop(name) for name in schema.get("required", ())}
        return st.fixed_dictionaries(needed, optional=fields)
    if kind == "array":
        return st.lists(fitting(schema["items"]), max_size=min(3, schema.get("maxItems", 3)))
    if kind == "string" and "pattern" in schema:
        return st.from_regex(schema["pattern"].replace("$", r"\Z"))
    if kind == "string":
        return TEXT.map(lambda text: text[: schema.get("maxLength", 1000)])
    return {"boolean": st.booleans(), "integer": st.integers(), "null": st.none()}.get(kind or "", ANYTHING)


def values(schema: dict[str, Any]) -> SearchStrategy[Any]:
    """Return values that fit, that nearly fit (a field is wrong, missing or too much), and that do not fit at all."""
    fields = sorted(resolved(schema).get("properties", {}))
    good = fitting(schema)
    if not fields:
        return good | ANYTHING
    wrong = st.dictionaries(st.sampled_from([*fields, "__proto__", "metadata", "ip"]), ANYTHING, min_size=1, max_size=2)
    gone = st.sets(st.sampled_from(fields), max_size=1)
    texts = st.dictionaries(st.sampled_from(fields), TEXT, min_size=1, max_size=2)
    return st.one_of(
        good,
        st.tuples(good, texts).map(lambda both: {**both[0], **both[1]}),
        st.tuples(good, wrong).map(lambda both: {**both[0], **both[1]}),
        st.tuples(good, gone).map(lambda both: {name: both[0][name] for name in both[0] if name not in both[1]}),
        ANYTHING,
    )


def bodies(schema: dict[str, Any]) -> SearchStrategy[bytes]:
    """Return bodies: mostly JSON, whole or not, in this encoding or that; sometimes just bytes."""
    given = values(schema)
    return st.one_of(
        given.map(_json),
        given.map(_json),
        given.map(_json),
        given.map(lambda value: json.dumps(value).encode()),
        st.tuples(given.map(_json), st.integers(0, 60)).map(lambda both: both[0][: both[1]]),
        st.tuples(given, st.sampled_from(["utf-16", "utf-32", "cp500", "utf-8-sig"])).map(
            lambda both: json.dumps(both[0]).encode(both[1])
        ),
        st.tuples(given.map(_json), st.binary(max_size=5)).map(lambda both: both[0] + both[1]),
        st.binary(max_size=200),
        st.sampled_from(RAW),
    )


RAW = [
    b"",
    b"[" * 5000,
    b'{"a":' * 5000,
    b'{"message": "hej", "message": {"a": 1}}',
    b'{"message": 1e999999, "sender": NaN}',
    b'{"message": "' + b"9" * 50_000 + b'"}',
    b'{"message": ' + b"9" * 5000 + b"}",
    b'{"sender": "\\ud800", "message": "\\udfff\\u0000"}',
    b"\xff\xfe{\x00}\x00",
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    b"message=hej&sender=x",
    b"<message>hej</message>",
    b'{"message": "hej"} {"message": "hej"}',
    b'\xef\xbb\xbf{"message": "hej"}',
    b"--x\r\nContent-Disposition: form-data; name=message\r\n\r\nhej\r\n--x--",
]


def _json(value: Any) -> bytes:
    """Return JSON with letters as they are; half characters as UTF-8 would have them, if it had them."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def headers() -> SearchStrategy[dict[str, str]]:
    """Return headers that say something wrong, or too much."""
    wrong = {
        "Content-Type": [
            "text/plain",
            "application/xml",
            "application/json; charset=utf-16",
            "x",
            "multipart/form-data",
        ],
        "Content-Encoding": ["gzip", "br", "x"],
        "Accept": ["text/html", "application/xml", "*/*;q=x", ","],
        "Accept-Language": ["x" * 500],
        "Origin": ["null", "https://example.org", "javascript:1"],
        "Host": ["example.org", "x" * 200, "127.0.0.1:99999", "[::1"],
        "X-Forwarded-For": ["127.0.0.1", "<script>", "1" * 500],
        "X-Forwarded-Host": ["example.org"],
        "Forwarded": ["for=_hidden;proto=x;;;=", "a" * 300],
        "X-HTTP-Method-Override": ["DELETE"],
        "Cookie": ["puljeguiden_staff=x; csrftoken=" + "x" * 300, "=;=;", "sender=x"],
        "Authorization": ["Bearer x", "Basic eDp5", "Bearer", "x" * 300],
        "Range": ["bytes=0-", "bytes=-1", "x"],
        "If-None-Match": ["*", 'W/"x"', "x" * 300],
    }
    pairs = [(name, value) for name, found in wrong.items() for value in found]
    return st.lists(st.sampled_from(pairs), max_size=2).map(dict)
