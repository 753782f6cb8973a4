"""`waybill log export`: the log as a folder of files, for whoever is to verify it elsewhere."""

import sys
from pathlib import Path

import click

from api.cli.installation import reading_installation
from api.cli.progress_line import ProgressLine
from waybill.clock import SystemClock
from waybill.services.log.exporting import export_log
from waybill.transparency.errors import TransparencyError


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--with-bodies", is_flag=True, help="Bodies and salts too: for those entitled to read them."
)
@click.option("--progress/--no-progress", default=None, help="By default on a terminal only.")
def export(folder: Path, *, with_bodies: bool, progress: bool | None) -> None:
    """Write the log to FOLDER, or add what is new (导出透明日志).

    Any web server can serve the folder, and `waybill log verify FOLDER` needs neither network nor
    database. Without --with-bodies it holds nothing that is not served to everybody already.
    """
    line = ProgressLine(shown=sys.stderr.isatty() if progress is None else progress)
    try:
        with reading_installation() as sessions:
            found = export_log(
                sessions, folder, with_bodies=with_bodies, clock=SystemClock(), progress=line.show
            )
    except (TransparencyError, OSError) as error:
        raise click.ClickException(f"导出失败 the export failed: {error}") from error
    finally:
        line.end()
    click.echo(f"{found.origin}  {found.size} 条 entries  {found.files} 个新文件 new files")
