from __future__ import annotations

from ipaddress import ip_network

import pytest
from requests_at_hand import request_of

from api.own_address import own_address
from api.problems import ParameterError

PROXY = "192.0.2.1"


@pytest.mark.parametrize(
    ("scheme", "host", "expected"),
    [
        ("http", "localhost:8000", "http://localhost:8000"),
        ("http", "Example.ORG", "http://example.org"),
        ("http", "example.org:80", "http://example.org"),
        ("https", "example.org:443", "https://example.org"),
        ("https", "example.org:80", "https://example.org:80"),
        ("http", "[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_address_is_the_one_the_client_wrote(scheme: str, host: str, expected: str) -> None:
    assert own_address(request_of(headers=[("Host", host)], scheme=scheme)) == expected


def test_without_a_host_it_is_that_of_the_socket() -> None:
    assert own_address(request_of()) == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "host", ["a b", "<x>", "a/b", "a:b", "a@b", "a:123456", "[x]", 'a"', "\xe9"]
)
def test_a_host_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(ParameterError, match="which is no host"):
        own_address(request_of(headers=[("Host", host)]))


@pytest.mark.parametrize(
    ("forwarded", "trusted", "expected"),
    [
        ("https", True, "https://kg.example.org"),
        ("HTTPS", True, "https://kg.example.org"),
        ("https", False, "http://kg.example.org"),
        ("javascript", True, "http://kg.example.org"),
        ("", True, "http://kg.example.org"),
    ],
)
def test_a_trusted_proxy_knows_the_scheme(forwarded: str, trusted: bool, expected: str) -> None:
    headers = [("Host", "kg.example.org"), ("X-Forwarded-Proto", forwarded)]
    request = request_of(headers=headers, client=PROXY if trusted else "198.51.100.1")
    assert own_address(request, [ip_network(PROXY)]) == expected
