"""Attacks that confuse: methods, media types and parameters at odds, tokens, texts for browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote, urlencode

from abuse_case import ANSWERED, Case
from abuse_wire import DIRECT, FORM, UPDATE, Answer, Target, request

__all__ = ["protocol_cases"]

REFUSED = frozenset({400, 401, 403, 404, 405, 406, 415})
CLEAR = "CLEAR ALL"
CONFUSED: Mapping[str, tuple[str, str | None, str]] = {
    "a query as plain text": ("POST", "text/plain", "ASK {}"),
    "a query without a media type": ("POST", None, "ASK {}"),
    "a query as a part of a form": (
        "POST",
        "multipart/form-data; boundary=x",
        '--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nASK {}\r\n--x--\r\n',
    ),
    "a query as an update": ("POST", UPDATE, "ASK {}"),
    "an update as a query": ("POST", DIRECT, CLEAR),
    "an update as plain text": ("POST", "text/plain", CLEAR),
    "an update as a form's query": ("POST", FORM, urlencode({"query": CLEAR})),
    "a query as a form's update": ("POST", FORM, urlencode({"update": "ASK {}"})),
    "query and update in a form": ("POST", FORM, urlencode({"query": "ASK {}", "update": CLEAR})),
    "two queries in a form": ("POST", FORM, "query=ASK%7B%7D&query=ASK%7B%7D"),
    "two updates in a form": ("POST", FORM, "update=CLEAR+ALL&update=CLEAR+ALL"),
    "a media type of another charset": ("POST", f"{DIRECT}; charset=utf-16", "ASK {}"),
    "a media type in quotes": ("POST", f'"{DIRECT}"', "ASK {}"),
    "two media types": ("POST", f"{DIRECT}, {UPDATE}", CLEAR),
    "a form that is no form": ("POST", FORM, "%%%%&&&&====" * 1000),
    "a query by PUT": ("PUT", DIRECT, "ASK {}"),
    "a query by PATCH": ("PATCH", DIRECT, "ASK {}"),
    "an update by PATCH": ("PATCH", UPDATE, CLEAR),
    "a query by TRACE": ("TRACE", None, ""),
    "a query by an unknown method": ("QUERYX", DIRECT, "ASK {}"),
}
ADDRESSES = {
    "an update by GET": ("GET", f"update={quote(CLEAR)}"),
    "an update as the query of a GET": ("GET", f"query={quote(CLEAR)}"),
    "an update by HEAD": ("HEAD", f"update={quote(CLEAR)}"),
    "an update by DELETE": ("DELETE", f"update={quote(CLEAR)}"),
    "a query twice": ("GET", "query=ASK%7B%7D&query=ASK%7B%7D"),
    "a query twice, once in capitals": ("GET", "query=ASK%7B%7D&QUERY=ASK%7B%7D"),
    "query and update by GET": ("GET", f"query=ASK%7B%7D&update={quote(CLEAR)}"),
    "a method in a parameter": ("GET", f"_method=POST&update={quote(CLEAR)}"),
    "a token in a parameter": ("POST", f"access_token=TOKEN&update={quote(CLEAR)}"),
}
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
MARKUP = "<script>alert(1)</script>"
SHOWN = {
    "a script in a literal": f"SELECT ('{MARKUP}' AS ?x) {{}}",
    "a script in a language": f"SELECT (STRLANG('a', '{MARKUP}') AS ?x) {{}}",
    "a script in a datatype": f"SELECT (STRDT('a', IRI('urn:{MARKUP}')) AS ?x) {{}}",
    "a script in an IRI": "SELECT (IRI('javascript:alert(1)') AS ?x) {}",
    "a script in an error": f"SELECT ({MARKUP}",
    "an attribute in a literal": "SELECT ('\" onmouseover=\"alert(1)' AS ?x) {}",
    "a formula": "SELECT ('=HYPERLINK(\"http://attacker.invalid\")' AS ?x) {}",
}
WRITES = {
    "an update": ("POST", "update", UPDATE, "INSERT DATA { <urn:s> <urn:p> <urn:unasked> }"),
    "an update in a form": ("POST", "update", FORM, "update=CLEAR+ALL"),
    "a graph put": ("PUT", "store", "text/turtle", "<urn:s> <urn:p> <urn:unasked> ."),
    "a graph posted": ("POST", "store", "text/turtle", "<urn:s> <urn:p> <urn:unasked> ."),
    "a graph deleted": ("DELETE", "store", "text/turtle", ""),
}
TOKENS = {
    "no token": None,
    "a wrong token": "Bearer wrong",
    "an empty token": "Bearer ",
    "a token and more": "Bearer TOKENx",
    "a token without a scheme": "TOKEN",
    "a token of another scheme": "Basic TOKEN",
    "a token that is no ASCII": "Bearer \xe9\xff",
    "a token of 50 KB": "Bearer " + "a" * 50_000,
}


def protocol_cases() -> Iterator[Case]:
    """Return every confusion: none may write, and none may put markup into a page."""
    for name, (method, media_type, body) in CONFUSED.items():
        headers = {"Content-Type": media_type} if media_type else {}
        yield Case(f"confusion: {name}", method, _confused(method, headers, body), REFUSED | {501})
    for name, (method, parameters) in ADDRESSES.items():
        yield Case(f"confusion: {name}", method, _addressed(method, parameters), REFUSED | {411})
    for header in OVERRIDES:
        yield Case(
            f"confusion: {header}",
            "GET as DELETE of a graph, and as POST of an update",
            _overridden(header),
            ANSWERED | REFUSED,
        )
    for name, query in SHOWN.items():
        yield Case(
            f"for browsers: {name}",
            "asked for as HTML, CSV, XML and JSON",
            _shown(query),
            ANSWERED | {400, 406},
        )
    for name, token in TOKENS.items():
        yield Case(
            f"write with {name}", "updates and graphs", _unasked(token), frozenset({400, 401, 431})
        )


def _confused(
    method: str, headers: Mapping[str, str], body: str
) -> Callable[[Target], Iterable[Answer]]:
    """Send to the path of queries, and with the token: what is at odds is refused to anybody."""
    return lambda target: [
        target.send(
            request(method, target.query_path, {**headers, **target.authorization}, body),
            method=method,
        )
    ]


def _addressed(method: str, parameters: str) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        path = f"{target.query_path}?{parameters.replace('TOKEN', target.token or '')}"
        return [target.send(request(method, path), method=method)]

    return attack


def _overridden(header: str) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        graph, update = (
            f"{target.store_path}?graph=urn:kept",
            f"{target.query_path}?update=CLEAR+ALL",
        )
        for path, method in ((graph, "DELETE"), (update, "POST")):
            yield target.send(request("GET", path, {header: method, **target.authorization}))

    return attack


def _shown(query: str) -> Callable[[Target], Iterable[Answer]]:
    accepts = ("text/html", "text/csv", "application/sparql-results+xml", "application/json")

    def attack(target: Target) -> Iterable[Answer]:
        answers = [target.ask(query, accept=each) for each in accepts]
        page = answers[0].headers.get("content-type", "").startswith("text/html")
        assert page or answers[0].status != 200, "what is not shown as a page shows nothing"
        return answers

    return attack


def _unasked(token: str | None) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        given = token.replace("TOKEN", target.token or "") if token else None
        for method, path, media_type, body in WRITES.values():
            headers = {"Content-Type": media_type}
            headers |= {"Authorization": given} if given is not None else {}
            yield target.send(request(method, _path(target, path), headers, body))

    return attack


def _path(target: Target, kind: str) -> str:
    return target.update_path if kind == "update" else f"{target.store_path}?graph=urn:kept"
