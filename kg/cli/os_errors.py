"""What the operating system refused, as a sentence that says how to mend it."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["sentence_of"]

_OTHER_FOLDER = "or choose another folder (--home, --data, --output)"
_REMEDIES: Mapping[int, str] = MappingProxyType(
    {
        errno.EACCES: f"mend its permissions, {_OTHER_FOLDER}",
        errno.EPERM: f"mend its permissions, {_OTHER_FOLDER}",
        errno.EROFS: f"make it writable, {_OTHER_FOLDER}",
        errno.ENOENT: f"create it, {_OTHER_FOLDER}",
        errno.ENOTDIR: f"a folder is needed there; remove the file, {_OTHER_FOLDER}",
        errno.EEXIST: f"remove what is in the way, {_OTHER_FOLDER}",
        errno.EISDIR: f"a file is needed there; remove the folder, {_OTHER_FOLDER}",
        errno.ENOSPC: f"make room, {_OTHER_FOLDER}",
        errno.EDQUOT: f"make room, {_OTHER_FOLDER}",
    }
)


def sentence_of(error: OSError) -> str:
    """Return a sentence on an error: the file, what is wrong with it, and what to do.

    >>> sentence_of(OSError(errno.EIO, "Input/output error", "texts"))
    'texts: input/output error'
    >>> sentence_of(OSError("port 80 is taken"))
    'port 80 is taken'
    """
    if error.errno is None or not error.strerror:
        return str(error)
    place = "" if error.filename is None else f"{error.filename}: "
    reason = error.strerror[0].lower() + error.strerror[1:]
    remedy = _REMEDIES.get(error.errno)
    return f"{place}{reason}; {remedy}" if remedy else f"{place}{reason}"
