"""How a publisher shows an endpoint who it is: a token, or a name and a password, from a file."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from kg.settings import Settings, SettingsError

__all__ = ["Credentials", "credentials_of", "read_credentials"]


@dataclass(frozen=True)
class Credentials:
    """What goes with each request, if anything does."""

    auth: httpx.Auth | None = field(default=None, repr=False)


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def read_credentials(settings: Settings) -> Credentials:
    """Return what the settings name: a file, or the token of the environment.

    Raises SettingsError.
    """
    if settings.token_file is None:
        return (
            credentials_of(settings.token.get_secret_value()) if settings.token else Credentials()
        )
    return _read(settings.token_file)


def credentials_of(text: str) -> Credentials:
    """Return the credentials in a text; raises SettingsError.

    It is a bearer token, or ``Basic name:password``, or ``Digest name:password``.

    >>> type(credentials_of("Digest dba:secret").auth).__name__
    'DigestAuth'
    """
    scheme, _, rest = text.strip().partition(" ")
    if not rest:
        scheme, rest = "Bearer", scheme
    if scheme.lower() == "bearer" and rest.isascii() and rest.isprintable() and rest:
        return Credentials(_Bearer(rest))
    name, colon, password = rest.strip().partition(":")
    if scheme.lower() == "basic" and colon:
        return Credentials(httpx.BasicAuth(name, password))
    if scheme.lower() == "digest" and colon:
        return Credentials(httpx.DigestAuth(name, password))
    raise SettingsError(
        "the credentials are neither a bearer token nor Basic name:password nor "
        "Digest name:password; correct the file of --token-file"
    )


def _read(path: Path) -> Credentials:
    try:
        return credentials_of(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise SettingsError(f"the file of the token, {path}, holds no text") from None
    except OSError as error:
        reason = error.strerror or error
        raise SettingsError(f"the file of the token, {path}, cannot be read: {reason}") from None
