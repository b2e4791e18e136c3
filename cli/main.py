"""Which commands does `./starling` have?

Each command imports its own file when it is called, so that asking for help stays fast.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Starling: a social timeline platform. Start with `demo`, or `up` and `token`.",
)
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]
AsRole = Annotated[
    Literal["owner", "analyst"], typer.Option(help="An analyst sees pseudonyms and no names.")
]


def file(name: str) -> Path:
    """The file of that name, seen from where the caller stands: `starling` itself goes home."""
    return Path(os.environ.get("STARLING_CALLED_FROM", ""), name).absolute()


PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@app.command()
def demo(
    users: Annotated[int, typer.Option(min=20, help="People in the made-up world.")] = 200,
    members: Annotated[int, typer.Option(min=2, help="Those who act through the API.")] = 40,
    actions: Annotated[int, typer.Option(min=100, help="What they do, all together.")] = 6_000,
    seed: Annotated[str | None, typer.Option(help="The same seed makes the same world.")] = None,
) -> None:
    """Set up, play a made-up world, run a batch cycle, check what is served; stays running."""
    from cli.demo import demo

    raise typer.Exit(demo(users, members, actions, seed))


@app.command()
def up(as_json: AsJson = False) -> None:
    """Set up what is missing, start the servers, wait until healthy, print the addresses."""
    from cli.up import up

    up(as_json)


@app.command()
def down() -> None:
    """Stop every server; the data stays."""
    from cli.down import down

    down()


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show how every part stands; exit 1 unless all are healthy."""
    from cli.status import show

    raise typer.Exit(show(as_json))


@app.command()
def logs(
    server: str,
    lines: Annotated[int, typer.Option("-n", help="The last lines to show.")] = 50,
    follow: Annotated[bool, typer.Option("-f", help="Keep showing what is added.")] = False,
) -> None:
    """Show what SERVER wrote: kafka, flink-taskmanager, supervisor ..."""
    from cli.logs import logs

    logs(server, lines, follow)


@app.command()
def sql(query: str, role: AsRole = "owner") -> None:
    """Ask the lake in SQL; its tables are bronze.events, silver.likes, gold.tweet_counts ..."""
    from cli.sql import sql
    from lake.privacy import Role

    raise typer.Exit(sql(query, Role(role)))


@app.command()
def bi() -> None:
    """Serve the lake to BI tools by PostgreSQL's protocol, read-only and in pseudonyms."""
    from cli.bi import bi

    raise typer.Exit(bi())


@app.command()
def changes(
    table: str,
    since: Annotated[
        str | None, typer.Option(help="A version or a time (UTC); else: list the versions.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="The same; else now.")] = None,
    role: AsRole = "owner",
    out: Annotated[str | None, typer.Option(help="Write Parquet instead of printing.")] = None,
) -> None:
    """Show which rows of TABLE (gold.tweet_counts ...) came, went or changed between versions."""
    from cli.changes import changes
    from lake.privacy import Role

    raise typer.Exit(changes(table, since, until, Role(role), file(out) if out else None))


@app.command()
def replay(
    tweets: Annotated[
        Path, typer.Option(parser=file, help="Parquet or CSV: each row a tweet or retweet.")
    ],
    follows: Annotated[
        Path | None,
        typer.Option(parser=file, help="Parquet or CSV: src follows dst. Not with --trends."),
    ] = None,
    trends: Annotated[
        Path | None,
        typer.Option(
            parser=file, metavar="OUT", help="Only: write what would have trended, as Parquet."
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="The first tweets by time.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Compare with the oracle.")] = False,
    rebuild: Annotated[
        bool, typer.Option(help="After the check: wipe Redis, rebuild it, check again.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Play real activity through the log and compare what comes of it with an exact oracle."""
    if trends is not None:
        from cli.replay_trends import replay_trends

        raise typer.Exit(replay_trends(tweets, trends, as_json))
    if follows is None:
        raise typer.BadParameter("say who follows whom", param_hint="--follows")
    from cli.replay import replay

    raise typer.Exit(replay(tweets, follows, limit, check, rebuild, as_json))


@app.command()
def rebuild(
    view: Annotated[str | None, typer.Argument(help="tweets, home_timeline ... or graph.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of it, in all stores.")] = False,
    wipe: Annotated[bool, typer.Option("--wipe", help="Empty its keys in Redis first.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help="A count: the run before.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring VIEW, or everything, back from the lake alone; `graph` from the log."""
    if everything == (view is not None):
        raise typer.BadParameter("name a view, or say --all", param_hint="VIEW")
    if everything:
        from cli.rebuild_all import rebuild_all

        raise typer.Exit(rebuild_all(dry_run=dry_run, wipe=wipe, as_json=as_json))
    if view == "graph":
        from cli.graph import rebuild as rebuild_graph

        raise typer.Exit(rebuild_graph())
    from cli.rebuild import plan, rebuild, take_back

    if dry_run:
        raise typer.Exit(plan(view or "", as_json))
    raise typer.Exit(take_back(view or "") if rollback else rebuild(view or "", wipe=wipe))


BACK = typer.Option("--rollback", help="Back to the generation before.")


@app.command()
def classify(rollback: Annotated[bool, BACK] = False) -> None:
    """Recount followers: who is pulled at read, not pushed; the log is told what changed."""
    from cli.generations import generation

    raise typer.Exit(generation("celebrities", rollback=rollback))


@app.command()
def plan(rollback: Annotated[bool, BACK] = False) -> None:
    """Weigh reads against posts: which edges are cheaper to pull; the log is told what changed."""
    from cli.generations import generation

    raise typer.Exit(generation("edge_plan", rollback=rollback))


@app.command()
def reindex(rollback: Annotated[bool, BACK] = False) -> None:
    """Make the search engine's index anew from the lake and the log, while it is asked."""
    from cli.reindex import reindex

    raise typer.Exit(reindex(rollback=rollback))


@app.command()
def compare(
    graph: Annotated[bool, typer.Option("--graph", help="The follow graph with the log.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the speed layer, the lake and what is served; exit 1 where they differ."""
    if graph:
        from cli.graph import compare as compare_graph

        raise typer.Exit(compare_graph(as_json))
    from cli.compare import compare

    raise typer.Exit(compare(as_json))


@app.command("as-of")
def as_of(
    when: Annotated[str, typer.Argument(metavar="TIME", help="2026-11-28T12:00:00Z")],
    what: Annotated[Literal["tweet", "user", "home"], typer.Argument()],
    id: Annotated[int, typer.Argument(min=1)],
) -> None:
    """Say what the API would have answered at TIME, from the lake's history."""
    from cli.as_of import as_of

    raise typer.Exit(as_of(when, what, id))


@app.command()
def dead_letters(
    number: Annotated[int, typer.Option("-n", min=1, help="The last ones to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show records that could not be understood, and why."""
    from cli.dead_letters import dead_letters

    dead_letters(number, as_json)


@app.command()
def score(
    input: Annotated[Path, typer.Option(parser=file, help="Parquet: one text a row.")],
    output: Annotated[
        Path, typer.Option(parser=file, help="Parquet: the rows of the input with their scores.")
    ],
    text_column: Annotated[str, typer.Option(help="The column that holds the texts.")] = "text",
) -> None:
    """Add toxicity, spam (0 to 1) and action to each row, by the scorer of all layers."""
    from cli.score import score

    score(input, output, text_column)


@app.command()
def recommend(
    follows: Annotated[
        Path,
        typer.Option(parser=file, help="Parquet with the columns src and dst: src follows dst."),
    ],
    output: Annotated[
        Path, typer.Option(parser=file, help="Parquet: src, dst, rank and score, for every src.")
    ],
    top: Annotated[int, typer.Option(min=1, max=1_000, help="People for each src.")] = 20,
) -> None:
    """Whom should everybody follow? Ranked as the daily batch does it."""
    from cli.recommend import recommend

    recommend(follows, top, output)


@app.command()
def train(
    out: Annotated[
        Path | None,
        typer.Option(parser=file, help="The folder to write, else moderation/model."),
    ] = None,
    run: Annotated[str | None, typer.Option(help="Into a folder of that run instead.")] = None,
) -> None:
    """Train the models of `score` anew from the labelled texts beside the repository."""
    import settings
    from cli.train import train

    train(settings.load().state_dir / "moderation" / run if run else out)


@app.command()
def token(user: str) -> None:
    """Print a new bearer token for USER, whose account is made where it is new."""
    from cli.token import show

    raise typer.Exit(show(user))


@app.command()
def moderator(
    username: str,
    revoke: Annotated[bool, typer.Option("--revoke", help="No longer a moderator.")] = False,
) -> None:
    """Let USERNAME decide about what others post, or no longer."""
    from cli.moderator import moderator

    raise typer.Exit(moderator(username, revoke=revoke))


@app.command()
def bench(
    name: Annotated[str | None, typer.Argument(help="One bench; else all.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a figure.")] = False,
) -> None:
    """Measure what the platform costs, against peers measured in the same run."""
    from cli.bench import run

    run(name, as_json)


@app.command()
def where(event: str) -> None:
    """Show the way of EVENT (Liked, TweetPosted ...) from the API to the views it changes."""
    from cli.where import where

    print(where(event))


@app.command(context_settings=PASS_ON)
def test(context: typer.Context) -> None:
    """Set up what is missing and run the tests; arguments are passed on to pytest."""
    from cli.test import run

    run(context.args)


@app.command()
def lock(
    groups: Annotated[list[str] | None, typer.Argument(help="Dependency groups; else all.")] = None,
    upgrade: Annotated[bool, typer.Option(help="Take the newest versions allowed.")] = False,
) -> None:
    """Write locks/ anew after a change of the dependency groups in pyproject.toml."""
    from cli.lock import lock

    lock(groups or (), upgrade)


features = typer.Typer(
    no_args_is_help=True,
    help="Features for models: read online, written as training sets, compared. docs/features.md",
)
app.add_typer(features, name="features")


@features.command("show")
def features_show(
    table: Annotated[str, typer.Argument(help="users, tweets or pairs.")],
    ids: Annotated[list[int], typer.Argument(help="An id; of a pair the viewer's, the author's.")],
    as_json: AsJson = False,
) -> None:
    """Show what is answered online now, with its windows and how old it is."""
    from cli.features import show

    raise typer.Exit(show(table, ids, as_json))


@features.command("training-set")
def features_training_set(
    entities: Annotated[
        Path,
        typer.Option(
            parser=file, help="Parquet: at_ms with user_id, tweet_id, or viewer_id and author_id."
        ),
    ],
    output: Annotated[
        Path, typer.Option(parser=file, help="Parquet: the same rows with their features.")
    ],
) -> None:
    """Add to each row what was known of its entities at its time."""
    from cli.features import training_set

    training_set(entities, output)


@features.command("parity")
def features_parity(as_json: AsJson = False) -> None:
    """Compare what was answered online with the lake; exit 1 where they differ."""
    from cli.features import parity

    raise typer.Exit(parity(as_json))
