"""The application's factory: everything is put together here, in one readable list."""

from flask import Flask, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from api.again import Application
from api.auth import install_auth
from api.csrf import csrf_token
from api.demo.sheet import install_page
from api.desk import answered_as_of
from api.health import blueprint as health
from api.json import Json
from api.language import language, say
from api.log import blueprint as log
from api.openapi import documentation, make_api
from api.pages import install_pages
from api.problems import install_problems
from api.resources import BLUEPRINTS
from api.responses import install_responses
from api.runtime import EXTENSION, Runtime
from api.sso import read_doors
from api.tablet_files import blueprint as tablet_files
from waybill.clock import Clock, SystemClock
from waybill.goods.editions import add_editions
from waybill.outbound.witnesses import read_witnesses
from waybill.rules.figures import FIGURES, add_figure_source
from waybill.services.identity import check_factor_roles
from waybill.settings import Settings
from waybill.storage.commits import bound_commits
from waybill.storage.personal import PersonalVault
from waybill.storage.replica import make_replica
from waybill.storage.session import make_engine, session_factory
from waybill.storage.slow import watch_statements


def create_app(settings: Settings, *, clock: Clock | None = None) -> Flask:
    """Return the application of an installation.

    Args:
        settings: what the installation was told; see `Settings.from_env`.
        clock: the present moment; the machine's own where none is given.

    Raises:
        ValueError: an edition of the dangerous goods list in `editions_dir`, or the list of
            witnesses, is not as described.
    """
    add_editions(settings.editions_dir)
    add_figure_source(settings.editions_dir / FIGURES)
    app = Application(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.json = Json(app)
    app.extensions[EXTENSION] = make_runtime(settings, clock or SystemClock())
    install_responses(app)
    app.before_request(_refuse_odd_address)
    install_auth(app)
    install_problems(app)
    app.register_blueprint(health)
    app.register_blueprint(log)
    app.register_blueprint(tablet_files)
    app.register_blueprint(documentation)
    described = make_api(app)
    for blueprint in BLUEPRINTS:
        described.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        answered_as_of=answered_as_of, csrf_token=csrf_token, language=language, say=say
    )
    install_pages(app)
    if settings.demo_page is not None:
        install_page(app, settings.demo_page)
    proxies = settings.trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    return app


def make_runtime(settings: Settings, clock: Clock) -> Runtime:
    """Return what the views share, for the application or for a command."""
    check_factor_roles(settings)
    engine = make_engine(settings.database_url)
    made = Runtime(
        settings=settings,
        clock=clock,
        engine=engine,
        sessions=session_factory(engine),
        vault=PersonalVault(settings.pii_key, settings.pii_index_key),
        replica=make_replica(settings, engine),
    )
    bound_commits(engine)
    watch_statements(engine, settings.slow_statement_ms)
    made.metrics.watch_pool(engine)
    if made.replica is not None:
        watch_statements(made.replica.engine, settings.slow_statement_ms)
        made.metrics.watch_pool(made.replica.engine)
    made.add_part(read_witnesses(settings.witnesses))
    made.add_part(read_doors(settings))
    return made


def _refuse_odd_address() -> None:
    # PostgreSQL keeps no NUL in text, so no record can have such an address, nor be found by it.
    if "\x00" in request.path:
        raise NotFound
    if any("\x00" in text for values in request.args.lists() for text in (values[0], *values[1])):
        raise BadRequest
