"""The command line: each command calls one function of a room and prints what it returned.

Imports inside the commands, so that `--help` answers at once.
"""

import atexit
import signal
import sys
from functools import partial, wraps
from pathlib import Path

import click

from evaluation.errors import LANGUAGES, PublishError, UserError
from evaluation.pipeline.words import word

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path)


def _command(function):
    """Adds --lang, and turns every way to end into a sentence and an exit code."""

    @click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="nl",
        show_default=True,
        envvar="EVALUATION_LANG",
        show_envvar=True,
        help="Language of messages.",
    )
    @wraps(function)
    def guarded(lang: str, **arguments):
        say = partial(word, lang=lang)
        # What is done is done: Ctrl-C while Python ends has nothing left to stop.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
        try:
            function(say=say, **arguments)
        except UserError as error:
            click.echo(error.text(lang), err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo(say("stopped"), err=True)
            sys.exit(130)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            from evaluation.pipeline.crash import log

            kind, path = log(error)
            click.echo(say("unexpected", type=kind, log=path), err=True)
            sys.exit(70)

    return guarded


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="outreach-evaluation")
def main() -> None:
    """Find out whether a leaflet campaign for parents works.

    Once a quarter: put the new exports in the folder of the study file, look at what is read and refused,
    and make the report.

    \b
      evaluation check my-campaign/study.toml
      evaluation refresh my-campaign/study.toml --out reports

    Then open reports/index.html. To try it without data of your own, start with `evaluation sample trial`.
    """


@main.command()
@click.argument("folder", type=_FOLDER)
@click.option(
    "--national", is_flag=True, help="A national campaign: 342 made-up municipalities in 25 regions."
)
@_command
def sample(say: partial, folder: Path, national: bool) -> None:
    """Write the synthetic sample campaign into FOLDER.

    Everything in it is made up: orders, survey, register, hand-out log, costs and margins, as a web shop and
    a survey tool export them, and the study file that names them. The same files every time.

    \b
    Example:
      evaluation sample trial
      evaluation refresh trial/study.toml --out trial-reports
      evaluation sample national --national
    """
    from evaluation.pipeline.publish import writing
    from evaluation.sample import write_national, write_sample

    with writing(folder):
        (write_national if national else write_sample)(folder)
    click.echo(say("written", path=folder / "study.toml"))


@main.command()
@click.argument("folder", type=_FOLDER)
@_command
def new(say: partial, folder: Path) -> None:
    """Start a campaign of your own in FOLDER: a commented study file and empty templates.

    Fill in study.toml from top to bottom, put your exports beside it, then run `evaluation check`.

    \b
    Example:
      evaluation new my-campaign
    """
    from evaluation.pipeline.publish import writing
    from evaluation.sample import write_template

    with writing(folder):
        write_template(folder)
    click.echo(say("written", path=folder / "study.toml"))


@main.command()
@click.argument("study", type=_FILE)
@_command
def check(say: partial, study: Path) -> None:
    """Read the exports of STUDY and tell what is accepted and what is refused, and why.

    Makes no report and keeps nothing. Run it first when new exports have come in.

    \b
    Example:
      evaluation check my-campaign/study.toml
    """
    from evaluation.pipeline.told import checked

    for line in checked(study, say):
        click.echo(line)


@main.command("map")
@click.argument("file", type=_FILE)
@click.option(
    "--kind",
    type=click.Choice(["orders", "responses", "organisations", "handouts", "costs", "margins"]),
    help="What the export holds. [default: told by its columns]",
)
@_command
def map_export(say: partial, file: Path, kind: str | None) -> None:
    """Look at an unknown export FILE and propose how to name its columns in the study file.

    Prints what each column could be, how sure that is and what its cells look like (never a value of a
    person), then the lines to paste into study.toml. Nothing is written.

    \b
    Examples:
      evaluation map my-campaign/export.csv
      evaluation map my-campaign/export.xlsx --kind orders
    """
    from evaluation.intake.mapping import propose

    proposal = propose(file, kind)
    click.echo(say("map_kind", file=proposal.file, kind=proposal.kind, layout=proposal.layout))
    for match in proposal.matches:
        facts = {"column": match.column, "heading": match.heading, "shape": match.shape}
        click.echo(say("map_match", percent=round(100 * match.confidence), **facts))
        if match.refused:
            click.echo(say("map_seven_point", heading=match.heading))
        if match.unmapped:
            click.echo(say("map_labels", labels=", ".join(f'"{label}"' for label in match.unmapped)))
    if proposal.kind == "orders" and not proposal.matches:
        click.echo(say("map_known", layout=proposal.layout))
    if proposal.unknown:
        click.echo(say("map_unknown", columns=", ".join(proposal.unknown)))
    click.echo(say("map_paste"))
    click.echo("")
    click.echo(proposal.toml(), nl=False)


@main.command()
@click.argument("study", type=_FILE)
@click.option("--quarter", metavar="2026Q3", help="Quarter of the report. [default: the newest complete one]")
@click.option("--out", type=_FOLDER, default="reports", show_default=True, help="Folder of all reports.")
@click.option(
    "--workers", type=click.IntRange(min=1), help="Notebooks run side by side. [default: one per core]"
)
@click.option(
    "--engine",
    type=click.Choice(["evaluation", "kernel"]),
    help="Run notebooks in this program or in standard Jupyter kernels. [default: kernel on Windows]",
)
@click.option(
    "--scheduler", metavar="TCP://HOST:PORT", help="Run notebooks on the workers of this Dask scheduler."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=900,
    show_default=True,
    help="Most time one notebook may take.",
)
@click.option(
    "--megabytes",
    type=click.IntRange(min=512),
    default=4096,
    show_default=True,
    help="Most memory one notebook may use.",
)
@click.option("--dry-run", is_flag=True, help="Print what would be run and what is unchanged; write nothing.")
@click.option("--quiet", is_flag=True, help="Print nothing while it runs.")
@click.option(
    "--municipalities/--no-municipalities",
    default=True,
    show_default=True,
    help="Also a fact sheet for every municipality.",
)
@click.option("--docx", is_flag=True, help="Also write the main pages of each report as a Word document.")
@_command
def refresh(
    say: partial,
    study: Path,
    quarter: str | None,
    out: Path,
    workers: int | None,
    engine: str | None,
    scheduler: str | None,
    seconds: float,
    megabytes: int,
    dry_run: bool,
    quiet: bool,
    docx: bool,
    municipalities: bool,
) -> None:
    """Make the report of a quarter from the exports of STUDY and publish it in the folder of all reports.

    The report appears whole or not at all, and reports of earlier quarters are never touched. When nothing
    changed since the last time, nothing is computed again.

    \b
    Examples:
      evaluation refresh data/sample/study.toml --quarter 2026Q3 --out reports
      evaluation refresh my-campaign/study.toml
      evaluation refresh my-campaign/study.toml --dry-run
    """
    from evaluation.pipeline import told
    from evaluation.pipeline.limits import Limits
    from evaluation.pipeline.progress import shown
    from evaluation.pipeline.refresh import How
    from evaluation.pipeline.refresh import refresh as make

    if dry_run:
        lines = told.planned(study, quarter, out, say, docx, municipalities)
    else:
        how = How(workers, engine, scheduler, Limits(seconds, megabytes))
        with shown(say, quiet) as progress:
            lines = told.released(make(study, quarter, out, how, progress, docx, municipalities), say)
    for line in lines:
        click.echo(line)


@main.command()
@click.argument("folder", type=_FOLDER, default="reports")
@click.option("--quarter", metavar="2026Q3", help="Quarter to take back. [default: the newest]")
@_command
def rollback(say: partial, folder: Path, quarter: str | None) -> None:
    """Take the report of a quarter in FOLDER back, to the version that was published before.

    When the quarter has no earlier version it is withdrawn, and the index shows the quarters before. What was
    shown stays counted when later reports are protected. Rolling back once more undoes it.

    \b
    Examples:
      evaluation rollback reports
      evaluation rollback reports --quarter 2026Q2
    """
    from evaluation.pipeline.rollback import roll_back

    taken, restored = roll_back(folder, quarter)
    click.echo(say("rolled_back" if restored else "withdrawn", quarter=taken, path=folder / "index.html"))


@main.command()
@click.argument("folder", type=_FOLDER)
@_command
def verify(say: partial, folder: Path) -> None:
    """Check every file of a report, or of all reports in FOLDER, against its manifest (sha256).

    \b
    Examples:
      evaluation verify reports
      evaluation verify reports/2026Q3
    """
    from evaluation.pipeline import manifest

    releases = [folder] if (folder / manifest.MANIFEST).is_file() else sorted(folder.glob("[0-9]*Q[1-4]"))
    if not releases:
        raise PublishError("pipeline.no_release", folder=folder.name)
    for release in releases:
        if wrong := manifest.verify(release):
            (first, what), *_ = wrong
            raise PublishError(
                "pipeline.not_whole", folder=release.name, count=len(wrong), first=first, what=what
            )
        click.echo(say("verified", folder=release.name, count=len(manifest.read(release)["outputs"])))


@main.command()
@click.argument("folder", type=_FOLDER)
@_command
def audit(say: partial, folder: Path) -> None:
    """Try to compute hidden numbers of the reports in FOLDER from everything that lies published there.

    Plays an attacker who has all reports, of all quarters, and earlier versions of them. Ends with an error
    when a hidden number can be told more closely than the thresholds of the study file allow.

    \b
    Examples:
      evaluation audit reports
      evaluation audit reports/2026Q3
    """
    from evaluation.disclosure.ledger import check_folder

    for quarter, count in check_folder(folder):
        click.echo(say("audited", quarter=quarter, count=count))


@main.command()
@_command
def key(say: partial) -> None:
    """Make the secret key that pseudonyms are derived from, once per organisation.

    It is kept outside the project (or in the file that the variable EVALUATION_KEY_FILE names). An existing
    key is never overwritten: another key would give everybody another pseudonym.

    \b
    Example:
      evaluation key
    """
    from evaluation.privacy import make_key

    click.echo(say("key_made", path=make_key()))


if __name__ == "__main__":
    main()
