"""What a law that comes will change, for those who watch over the installation."""

from http import HTTPStatus

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.runtime import runtime
from api.schemas.edition_previews import EditionPreviewSchema, PreviewWish, PreviewWishSchema
from api.transactions import reading
from waybill.registry.access import Permission
from waybill.services.next_edition import EditionPreview, preview_edition

blueprint = Blueprint(
    "edition_previews",
    __name__,
    url_prefix="/api/v1/edition-previews",
    description="What a law that comes will change (新版预演)",
)


@blueprint.post("")
@requires(Permission.PREVIEW_EDITION)
@blueprint.arguments(PreviewWishSchema)
@blueprint.response(HTTPStatus.OK, EditionPreviewSchema)
def create_edition_preview(wish: PreviewWish) -> EditionPreview:
    """Compare the law of today with that of a later day over all that is on record.

    Open waybills, tanks with each approved substance, vehicles and carriers are judged twice at
    this moment, so that a paper that will have run out by then is no effect of the law.
    """
    with reading() as session:
        return preview_edition(
            session, actor(), wish.on, edition=wish.edition, clock=runtime().clock
        )
