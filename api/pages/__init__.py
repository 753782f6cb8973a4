"""The pages people work with: one blueprint per place, listed here.

Pages call the services that the API calls and decide nothing themselves. They work without
JavaScript; scripts only make them quicker.
"""

from typing import Final

from flask import Blueprint, Flask

from api.pages import (
    access_reports,
    account,
    accounts,
    auditor,
    bay,
    bay_after,
    bay_answers,
    bay_check,
    bay_looks,
    bay_release,
    cases,
    certificates,
    coaching,
    corrections,
    devices,
    exports,
    home,
    issue,
    language,
    measures,
    next_edition,
    patterns,
    personal,
    photos,
    plant_items,
    presence_tags,
    printing,
    public,
    public_desk,
    receipts,
    registry,
    reports,
    rules,
    searches,
    second_step,
    session,
    sso,
    statistics,
    story,
    waybills,
    witnesses,
)
from api.pages.layout import install_layout

PAGES: Final[tuple[Blueprint, ...]] = (
    home.blueprint,
    session.blueprint,
    second_step.blueprint,
    sso.blueprint,
    account.blueprint,
    accounts.blueprint,
    language.blueprint,
    registry.blueprint,
    certificates.blueprint,
    issue.blueprint,
    waybills.blueprint,
    plant_items.blueprint,
    presence_tags.blueprint,
    coaching.blueprint,
    devices.blueprint,
    bay.blueprint,
    bay_check.blueprint,
    bay_answers.blueprint,
    bay_looks.blueprint,
    bay_release.blueprint,
    bay_after.blueprint,
    auditor.blueprint,
    witnesses.blueprint,
    cases.blueprint,
    measures.blueprint,
    corrections.blueprint,
    statistics.blueprint,
    patterns.blueprint,
    personal.blueprint,
    access_reports.blueprint,
    photos.blueprint,
    reports.blueprint,
    searches.blueprint,
    exports.blueprint,
    story.blueprint,
    rules.blueprint,
    next_edition.blueprint,
    printing.blueprint,
    receipts.blueprint,
    public.blueprint,
    public_desk.blueprint,
)


def install_pages(app: Flask) -> None:
    """Give an application its pages and what their templates call."""
    install_layout(app)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
