"""The styles and scripts of the pages: kept for ever by who asks by digest, else asked anew."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.answers import Services
from api.assets.shelf import ADDRESS, Asset, Assets, installed_assets
from api.conditional import digest_tag, knows, not_modified, tagged

__all__ = ["asset_router"]

_CHUNK = "chunk-"
_FOR_EVER = "public, max-age=31536000, immutable"


def asset_router(services: Services, assets: Assets | None = None) -> APIRouter:
    """Return the route of the assets; ``assets`` are those of the installation unless given."""
    router = APIRouter(include_in_schema=False)
    shelf = installed_assets() if assets is None else assets

    async def asset(request: Request, name: str) -> Response:
        found = shelf.files.get(name)
        if found is None:
            raise HTTPException(404, _missing(name, shelf))
        tag = digest_tag("assets", found.digest)
        if knows(request, tag):
            return not_modified(tag)
        kept = await services.kept.get(("asset", found.digest), lambda: found.content)
        headers = tagged(tag) | _keeping(request, name, found)
        return Response(kept, media_type=found.media_type, headers=headers)

    router.add_api_route(ADDRESS + "/{name}", asset, response_class=Response)
    return router


def _keeping(request: Request, name: str, asset: Asset) -> dict[str, str]:
    """Return how long a file is kept: a shared chunk has the digest of its content in its name."""
    is_named = request.query_params.get("v") == asset.digest or name.startswith(_CHUNK)
    return {"Cache-Control": _FOR_EVER} if is_named else {}


def _missing(name: str, shelf: Assets) -> str:
    if not shelf:
        return "the assets of the pages were not built; build them with python -m api.assets.build"
    return f"there is no asset {name}"
