"""Commands for the pages: serve them, and manage who may see them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from pipeline.cli.screen import out, table
from pipeline.errors import ConfigError
from pipeline.people import Role, Scope, User

#: Beside Airflow's 8080 and Elasticsearch's 9200.
PORT = 8090

users_app = typer.Typer(help="Who may see the pages: add, list, change, remove.", no_args_is_help=True)

_Name = Annotated[str, typer.Argument(help="Their name.")]
_FromInput = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the root."""
    app.command("web")(web)
    app.add_typer(users_app, name="users")


def web(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = PORT,
    check: Annotated[
        bool, typer.Option("--check", help="Do not serve: exit 3 unless the pages answer on this machine.")
    ] = False,
) -> None:
    """Serve the pages and the JSON API until stopped."""
    from pipeline import wiring
    from pipeline.web.serve import is_well, serve

    if check:
        raise typer.Exit(0 if is_well(port) else 3)
    out.print(f"http://{host}:{port}/  (Ctrl-C ends it)", markup=False)
    serve(wiring.load_settings(), host=host, port=port)


@users_app.command("add")
def add(
    name: _Name,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.READER,
    from_input: _FromInput = False,
    unless_there: Annotated[
        bool, typer.Option("--unless-there", help="Leave a user of that name as they are.")
    ] = False,
) -> None:
    """Add a user; the first one is an admin whatever is said."""
    from pipeline import wiring
    from pipeline.web.seals import check_password, hash_password

    with wiring.opened_ledger(wiring.load_settings()) as ledger:
        if unless_there and ledger.user_named(name):
            out.print(f"{name} is there already", markup=False)
            return
        role = role if ledger.has_users() else Role.ADMIN
        password = _password(from_input=from_input)
        check_password(password, name)
        ledger.add_user(name, password_hash=hash_password(password), role=role, now=datetime.now(UTC))
    out.print(f"{name} may sign in, as {role}", markup=False)


@users_app.command("list")
def list_() -> None:
    """Everybody who may sign in."""
    from pipeline import wiring

    with wiring.opened_ledger(wiring.load_settings()) as ledger:
        users = ledger.users()
    out.print(
        table(
            "",
            ("name", "role", "signed in"),
            (
                (
                    user.name,
                    user.role,
                    f"{user.signed_in_at:%Y-%m-%d %H:%M}" if user.signed_in_at else "never",
                )
                for user in users
            ),
        )
    )


@users_app.command("password")
def password(name: _Name, from_input: _FromInput = False) -> None:
    """Give a user a new password; their sessions end."""
    from pipeline import wiring
    from pipeline.web.seals import check_password, hash_password

    with wiring.opened_ledger(wiring.load_settings()) as ledger:
        user = _user(ledger.user_named(name), name)
        new = _password(from_input=from_input)
        check_password(new, name)
        ledger.set_password(user.user_id, hash_password(new))
    out.print(f"{name} has a new password", markup=False)


@users_app.command("role")
def role(name: _Name, role: Annotated[Role, typer.Argument(help="What they may do.")]) -> None:
    """Change what a user may do."""
    from pipeline import wiring

    with wiring.opened_ledger(wiring.load_settings()) as ledger:
        ledger.set_role(_user(ledger.user_named(name), name).user_id, role)
    out.print(f"{name} is {role} now", markup=False)


@users_app.command("remove")
def remove(name: _Name) -> None:
    """Remove a user, with their searches and keys."""
    from pipeline import wiring

    with wiring.opened_ledger(wiring.load_settings()) as ledger:
        ledger.remove_user(_user(ledger.user_named(name), name).user_id)
    out.print(f"{name} is removed", markup=False)


@users_app.command("key")
def key(
    name: _Name,
    label: Annotated[str, typer.Option(help="What the key is for.")] = "command line",
    scope: Annotated[list[Scope] | None, typer.Option(help="What it is good for; may be repeated.")] = None,
) -> None:
    """Make a key for a program of a user's, and print it this once."""
    from pipeline import wiring
    from pipeline.web.seals import digest, new_key

    made = new_key()
    with wiring.opened_ledger(wiring.load_settings()) as ledger:
        ledger.add_key(
            _user(ledger.user_named(name), name).user_id,
            name=label,
            key_hash=digest(made),
            beginning=made[:10],
            scopes=set(scope or [Scope.READ]),
            now=datetime.now(UTC),
        )
    typer.echo(made)


def _user(found: tuple[User, str] | None, name: str) -> User:
    if found is None:
        raise ConfigError(f"there is no user {name}; see: rasd users list")
    return found[0]


def _password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
