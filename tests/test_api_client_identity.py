"""Who a client is: nobody can be many clients, and nobody can be another one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from api.authorization import Authority
from api.client_identity import Network, client_of, find_client_address, is_trusted, own_call
from kg.settings import SettingsError, read_settings

TOKEN = "0123456789abcdef"
PROXIES: tuple[Network, ...] = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def request(peer: str | None, *headers: tuple[str, str]) -> Request:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    client = None if peer is None else (peer, 4711)
    return Request({"type": "http", "method": "GET", "path": "/", "client": client, "headers": raw})


def named(peer: str | None, *headers: tuple[str, str], authority: Authority | None = None) -> str:
    return client_of(request(peer, *headers), PROXIES, authority)


def forwarded(*hops: str) -> tuple[str, str]:
    return ("X-Forwarded-For", ", ".join(hops))


def test_a_client_is_its_address() -> None:
    assert named("192.0.2.7") == "192.0.2.7"
    assert named(None) == "unknown"


def test_all_addresses_of_a_site_are_one_client() -> None:
    assert named("2001:db8:1:2::1") == named("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert named("2001:db8:1:3::1") != named("2001:db8:1:2::1")
    assert named("::ffff:192.0.2.7") == named("192.0.2.7")


def test_a_valid_token_is_a_client_wherever_it_comes_from() -> None:
    authority = Authority(TOKEN, is_writable=True)
    bearer = ("Authorization", f"Bearer {TOKEN}")
    names = {named(peer, bearer, authority=authority) for peer in ("192.0.2.7", "192.0.2.8")}
    (name,) = names
    assert name.startswith("token:")
    assert TOKEN not in name


@pytest.mark.parametrize("token", ["", "x", TOKEN + "x"])
def test_a_wrong_token_makes_nobody_another_client(token: str) -> None:
    bearer = ("Authorization", f"Bearer {token}")
    for authority in (None, Authority(), Authority(TOKEN, is_writable=True)):
        assert named("192.0.2.7", bearer, authority=authority) == "192.0.2.7"


def test_only_a_trusted_proxy_says_for_whom_it_asks() -> None:
    assert named("10.1.1.1", forwarded("192.0.2.7")) == "192.0.2.7"
    assert named("192.0.2.9", forwarded("192.0.2.7")) == "192.0.2.9"


def test_what_a_client_writes_left_of_its_address_counts_for_nothing() -> None:
    assert named("10.1.1.1", forwarded("198.51.100.1", "192.0.2.7")) == "192.0.2.7"
    assert named("10.1.1.1", forwarded("198.51.100.1", "192.0.2.7", "fd00::1")) == "192.0.2.7"
    headers = (forwarded("198.51.100.1"), forwarded("192.0.2.7"))
    assert named("10.1.1.1", *headers) == "192.0.2.7"


def test_forwarded_is_not_read_since_proxies_pass_on_what_they_do_not_write() -> None:
    assert named("10.1.1.1", ("Forwarded", "for=192.0.2.7")) == "10.1.1.1"


def test_behind_proxies_alone_the_first_of_them_is_the_client() -> None:
    assert named("10.1.1.1", forwarded("10.3.3.3", "10.2.2.2")) == "10.3.3.3"
    assert named("10.1.1.1") == "10.1.1.1"


@pytest.mark.parametrize("hop", ["192.0.2.7:80", "[2001:db8::7]:80", '"192.0.2.7"', "fe80::1%eth0"])
def test_ports_zones_and_quotes_are_taken_off(hop: str) -> None:
    found = find_client_address(request("10.1.1.1", forwarded(hop)).scope, PROXIES)
    expected = {IPv4Address("192.0.2.7"), IPv6Address("2001:db8::7"), IPv6Address("fe80::1")}
    assert found in expected


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_garbage_from_a_proxy_leaves_the_proxy_as_the_client(text: str) -> None:
    found = find_client_address(request("10.1.1.1", ("X-Forwarded-For", text)).scope, PROXIES)
    assert isinstance(found, IPv4Address | IPv6Address)


def test_an_unknown_peer_is_trusted_by_nobody() -> None:
    assert is_trusted("10.9.9.9", PROXIES)
    assert not is_trusted("192.0.2.7", PROXIES)
    assert not is_trusted("a socket", PROXIES)


def test_a_proxy_that_is_no_address_stops_the_start() -> None:
    assert read_settings(trusted_proxy=["10.0.0.1/8"]).trusted_proxy == PROXIES[:1]
    with pytest.raises(SettingsError, match=r"--trusted-proxy is 'proxy\.example\.org', but"):
        read_settings(trusted_proxy=["proxy.example.org"])


def test_calls_of_the_server_to_itself_take_the_part_of_no_client() -> None:
    headers = [(name.encode(), value.encode()) for name, value in own_call().items()]
    scope = {"type": "http", "client": ("192.0.2.7", 1), "headers": headers}
    assert client_of(Request(scope), ()) == "service"
    guessed = {**scope, "headers": [(headers[0][0], b"guessed")]}
    assert client_of(Request(guessed), ()) == "192.0.2.7"
