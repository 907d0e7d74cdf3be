"""Who may write: whoever knows the bearer token, and nobody where there is none."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request

from kg.settings import Settings, SettingsError

__all__ = ["SHORTEST", "Authority", "NoToken", "NotWritable", "WrongToken", "read_authority"]

SHORTEST = 16
"""Characters that a token must have: fewer could be guessed."""

_SENDABLE = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
"""What the header can carry: token68 of RFC 7235."""

_HOW = (
    "write one into a file, as with openssl rand -hex 32 > token, and give it with --token-file, "
    "or set SARCOMA_KG_TOKEN"
)


class NotWritable(Exception):  # noqa: N818 - what the client is told
    """The server takes no writes."""

    def __init__(self) -> None:
        super().__init__(
            "this server takes no writes; start it with --writable and --token-file FILE"
        )


class NoToken(Exception):  # noqa: N818 - what the client is told
    """A write came without a token."""

    challenge = 'Bearer realm="sarcoma-kg"'

    def __init__(self) -> None:
        super().__init__("a write needs the header Authorization: Bearer TOKEN")


class WrongToken(NoToken):
    """A write came with another token, or with credentials of another kind."""

    challenge = 'Bearer realm="sarcoma-kg", error="invalid_token"'

    def __init__(self) -> None:
        Exception.__init__(self, "this is not the token of this server, or no Bearer token")


@dataclass(frozen=True)
class Authority:
    """Knows the token, and whether writes are taken at all; without a token it allows nobody."""

    token: str | None = field(default=None, repr=False)
    is_writable: bool = False

    def allows(self, request: Request) -> bool:
        """Tell whether a request carries the token; takes as long for any wrong one."""
        given = request.headers.getlist("authorization")
        if self.token is None or len(given) != 1:
            return False
        scheme, _, credentials = given[0].strip().partition(" ")
        right = hmac.compare_digest(_digest(credentials.strip()), _digest(self.token))
        return right and scheme.lower() == "bearer"

    def check(self, request: Request) -> None:
        """Let a write pass; raises NotWritable, NoToken and WrongToken."""
        if not self.is_writable:
            raise NotWritable
        if self.allows(request):
            return
        raise WrongToken if "authorization" in request.headers else NoToken


def read_authority(settings: Settings) -> Authority:
    """Return the authority that the settings of a server name; raises SettingsError.

    The token comes from the file, or from the environment: others could read a command line.
    """
    if settings.token_file and settings.token:
        raise SettingsError("the token is given by --token-file and by SARCOMA_KG_TOKEN; give one")
    if settings.token_file:
        token = _checked(_read(settings.token_file), f"the token in {settings.token_file}")
    elif settings.token:
        token = _checked(settings.token.get_secret_value().strip(), "SARCOMA_KG_TOKEN")
    elif settings.writable:
        raise SettingsError(f"--writable needs a token; {_HOW}")
    else:
        return Authority()
    return Authority(token, settings.writable)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise SettingsError(f"the file of the token, {path}, holds no text; {_HOW}") from None
    except OSError as error:
        reason = error.strerror or error
        raise SettingsError(f"the file of the token, {path}, cannot be read: {reason}") from None


def _checked(token: str, where: str) -> str:
    if len(token) < SHORTEST:
        raise SettingsError(
            f"{where} has {len(token)} characters; a token has {SHORTEST} at least: {_HOW}"
        )
    if not _SENDABLE.fullmatch(token):
        raise SettingsError(
            f"{where} has characters that no header carries; letters, digits and -._~+/ can stand"
            " in a token"
        )
    return token


def _digest(text: str) -> bytes:
    """Return a digest: compared in place of the texts, it tells nothing of their lengths."""
    return hashlib.sha256(text.encode()).digest()
