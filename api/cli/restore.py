"""`waybill restore`: fill an empty database from a backup, and prove what came of the log."""

from pathlib import Path

import click

from api.cli.backup import PROGRAMS, database_url
from api.cli.log_keeping import tell_whole
from waybill.services.backups import restore
from waybill.storage.backup import BackupError
from waybill.storage.session import make_engine, session_factory
from waybill.transparency.errors import TransparencyError


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--seen",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The newest checkpoint that an outsider has seen, such as a witness's.",
)
@PROGRAMS
def command(folder: Path, seen: Path | None, programs: Path | None) -> None:
    """Fill the empty database that WAYBILL_DATABASE_URL names from the backup in FOLDER (恢复).

    The whole log is recomputed and compared with the manifest and with what was seen. Exit 0:
    nothing that was published is missing; 1: it is, or nobody knows, so `waybill log succeed`
    comes next; or the backup cannot be used.
    """
    engine = make_engine(database_url())
    try:
        restored = restore(
            engine,
            session_factory(engine),
            folder,
            seen=None if seen is None else seen.read_bytes(),
            programs=programs,
        )
    except (BackupError, TransparencyError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()
    tell_whole(restored.whole)
    click.echo(_words(restored.lost))
    raise SystemExit(0 if restored.lost == 0 else 1)


def _words(lost: int | None) -> str:
    if lost == 0:
        return "已公布的记录无一丢失。 / Nothing that was published is lost."
    what = (
        "不知外界见过什么 / what outsiders saw is not known"
        if lost is None
        else f"已公布的记录丢失 {lost} 条 / {lost} published entries are lost"
    )
    return (
        f"{what}.\n启动 worker 之前先运行：waybill log succeed --reason …\n"
        "Before the worker starts: waybill log succeed --reason ..."
    )
