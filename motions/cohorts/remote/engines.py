"""Engines that a program is reduced in where it stands: PostgreSQL through SQLAlchemy, Spark through Spark Connect.

Nothing is written there. On PostgreSQL every question is one SELECT in a read-only transaction; on Spark the steps are
temporary views of a session that ends with the reading.
"""

import contextlib
import socket
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from motions import work
from motions.errors import FileError

Type = Literal["date", "number", "text"]
Row = tuple[Any, ...]
PATIENCE = 10
"""Seconds until a server that says nothing is given up."""
_ALIVE = {"keepalives_idle": 30, "keepalives_interval": PATIENCE, "keepalives_count": 3}
"""Seconds, and times, that a connection is asked whether it is still there: a cut network says nothing of itself."""

_AGAIN: dict[str, Any] = {"max_retries": 4, "max_backoff": 3000, "max_server_retry_delay": 1000 * PATIENCE}
"""Times that a Spark which has gone is asked again, after 0.05, 0.2, 0.8 and 3 s: a moment without it is borne."""


class Engine(Protocol):
    """What the reading of a program needs of an engine."""

    text: str
    """the type of any text"""
    decimal: str
    """a type that holds amounts exactly"""

    def columns(self, table: str) -> dict[str, Type]:
        """Return the columns of a table with their types, none when there is no such table."""

    def table(self, name: str) -> str:
        """Return how a table is written in SQL."""

    def day(self, date: str) -> str:
        """Return SQL of the days since 1970-01-01 of a date."""

    def date(self, text: str) -> str:
        """Return SQL of the day that a text begins with, the first for a month; null where that is none."""

    def word(self, cell: str) -> str:
        """Return SQL of what `normal_word` does with a text."""

    def define(self, name: str, select: str) -> None:
        """Let `name` stand for a SELECT in what is asked from now on."""

    def ask(self, select: str) -> Sequence[Row]:
        """Return the rows of a SELECT."""


@contextlib.contextmanager
def connected(name: str, settings: Mapping[str, Any]) -> Iterator[Engine]:
    """Open the engine of a connection: `url`, a SQLAlchemy URL of PostgreSQL or `sc://…` of Spark, and `schema`.

    Raises FileError, which never shows the URL, when it can't be reached, and for what the engine refuses meanwhile.
    """
    url, schema = str(settings.get("url", "")), str(settings.get("schema", ""))
    if url.startswith("sc://"):
        opened = _spark(name, url, schema)
    elif url.startswith(("postgresql://", "postgresql+psycopg://")):
        opened = _postgresql(name, url.replace("postgresql://", "postgresql+psycopg://", 1), schema)
    else:
        repair = "Give it a url that begins with postgresql:// or sc://, for PostgreSQL and Spark Connect."
        raise FileError(name, "is no connection that is known here", repair, "url")
    with opened as engine:
        yield engine


def _install(name: str, package: str) -> FileError:
    return FileError(name, f"needs the package {package}", f"Install it: pip install {package}.")


class PostgreSQL:
    """A read-only transaction: every SELECT sees the tables as they were when it began."""

    text, decimal = "TEXT", "NUMERIC"

    def __init__(self, connection: Any, schema: str) -> None:
        self._connection, self._schema = connection, schema
        self._steps: dict[str, str] = {}

    def columns(self, table: str) -> dict[str, Type]:
        """Return the columns of a table or view."""
        import sqlalchemy as sa  # noqa: PLC0415 — only who has a database needs it

        looked = sa.inspect(self._connection)
        schema = self._schema or None
        if not looked.has_table(table, schema):
            return {}
        types: tuple[tuple[Type, tuple[Any, ...]], ...] = (
            ("date", (sa.Date, sa.DateTime)),
            ("number", (sa.Numeric, sa.Float, sa.Integer)),
        )
        return {
            str(column["name"]): next((kind for kind, of in types if isinstance(column["type"], of)), "text")
            for column in looked.get_columns(table, schema)
        }

    def table(self, name: str) -> str:
        """Return the table's name with its schema, quoted."""
        return ".".join(f'"{part}"' for part in (self._schema, name) if part)

    def day(self, date: str) -> str:
        """Return SQL of a number of days."""
        return f"({date} - DATE '1970-01-01')"

    def date(self, text: str) -> str:
        """Return SQL of a date: a cast would fail at the 30th of February, a sum of days leaves the month."""
        months = f"CAST(SUBSTR({text}, 1, 7) || '-01' AS DATE)"
        day = f"({months} + CAST(COALESCE(NULLIF(SUBSTR({text}, 9, 2), ''), '01') AS INTEGER) - 1)"
        fits = f"{text} ~ '^[0-9]{{4}}-(0[1-9]|1[0-2])(-[0-3][0-9]|$)'"
        return f"CASE WHEN {fits} THEN CASE WHEN TO_CHAR({day}, 'MM') = SUBSTR({text}, 6, 2) THEN {day} END END"

    def word(self, cell: str) -> str:
        """Return SQL of the letters and digits of a text."""
        return f"TRIM(BOTH '_' FROM REGEXP_REPLACE(LOWER({cell}), '[^a-z0-9]+', '_', 'g'))"

    def define(self, name: str, select: str) -> None:
        """Keep a step for the WITH of what is asked."""
        self._steps[name] = select

    def ask(self, select: str) -> Sequence[Row]:
        """Run one SELECT with the steps before it."""
        import sqlalchemy as sa  # noqa: PLC0415

        steps = ",\n".join(f"{name} AS (\n{sql}\n)" for name, sql in self._steps.items())
        sql = f"WITH {steps}\n{select}" if steps else select
        return [tuple(row) for row in self._connection.execute(sa.text(sql.replace(":", r"\:")))]


@contextlib.contextmanager
def _postgresql(name: str, url: str, schema: str) -> Iterator[Engine]:
    try:
        import psycopg  # noqa: F401, PLC0415
        import sqlalchemy as sa  # noqa: PLC0415
    except ImportError:
        raise _install(name, '"sqlalchemy" "psycopg[binary]"') from None
    try:
        waits = {"connect_timeout": PATIENCE, **_ALIVE}
        engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True, connect_args=waits)
    except (sa.exc.ArgumentError, ValueError):
        raise FileError(name, "has a url that can't be read", "Correct it in the secrets.", "url") from None
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with engine.connect().execution_options(**options) as connection:
            if connection.execute(sa.text("SHOW transaction_read_only")).scalar() != "on":
                raise FileError(name, "could be written to", "Leave options such as autocommit out of the url.", "url")
            connection.execute(sa.text("SET LOCAL TIME ZONE 'UTC'"))  # a time with a zone has one day for everybody
            # It takes the steps for smaller than they are and would compare every account with every payment.
            connection.execute(sa.text("SET LOCAL enable_nestloop = off"))
            # What may not nest it takes for so dear that it would compile every question first, for a minute in all.
            connection.execute(sa.text("SET LOCAL jit = off"))
            driver: Any = connection.connection.driver_connection
            with work.ended_by(driver.cancel):
                yield PostgreSQL(connection, schema)
    except (sa.exc.OperationalError, sa.exc.InterfaceError):
        repair = "Check host, port, database and password in the secrets, and that it is running."
        raise FileError(name, "does not answer, refuses the login, or broke off", repair) from None
    except sa.exc.DBAPIError as problem:
        if getattr(problem.orig, "sqlstate", "") == "42501":  # insufficient privilege
            raise FileError(name, "refuses to read a table", "Grant the login SELECT on the four tables.") from None
        raise _unreadable(name) from None


def _unreadable(name: str) -> FileError:
    repair = "Give dates the type date, amounts a numeric type and words the type text, in a view if need be."
    return FileError(name, "holds a value that can't be read as its column's date, amount or word", repair)


class Spark:
    """A session of its own; the steps are kept on its workers, so that each is worked out once."""

    text, decimal = "STRING", "DECIMAL(30, 12)"

    def __init__(self, session: Any, schema: str) -> None:
        self._session, self._schema = session, schema
        self._steps: list[Any] = []

    def columns(self, table: str) -> dict[str, Type]:
        """Return the columns of a table or view."""
        found = self._session.sql(f"SHOW TABLES IN {self._where()}").collect()
        if table not in {row["tableName"].lower() for row in found}:
            return {}
        kinds: dict[str, Type] = {"date": "date", "timestamp": "date", "timestamp_ntz": "date"}
        numbers = ("int", "bigint", "smallint", "tinyint", "double", "float", "decimal")
        types = self._session.sql(f"SELECT * FROM {self.table(table)} LIMIT 0").dtypes
        return {name.lower(): kinds.get(of, "number" if of.startswith(numbers) else "text") for name, of in types}

    def _where(self) -> str:
        if not self._schema:
            catalog, database = self._session.sql("SELECT current_catalog(), current_database()").collect()[0]
            self._schema = f"{catalog}.{database}"
        return ".".join(f"`{part}`" for part in self._schema.split("."))

    def table(self, name: str) -> str:
        """Return the table's name with its schema: a step of the same name does not hide it."""
        return f"{self._where()}.`{name}`"

    def day(self, date: str) -> str:
        """Return SQL of a number of days."""
        return f"datediff({date}, DATE '1970-01-01')"

    def date(self, text: str) -> str:
        """Return SQL of a date."""
        long = f"CASE WHEN {text} LIKE '____-__' THEN {text} || '-01' ELSE SUBSTR({text}, 1, 10) END"
        return f"TRY_CAST({long} AS DATE)"

    def word(self, cell: str) -> str:
        """Return SQL of the letters and digits of a text."""
        return f"TRIM(BOTH '_' FROM REGEXP_REPLACE(LOWER({cell}), '[^a-z0-9]+', '_'))"

    def define(self, name: str, select: str) -> None:
        """Make a temporary view of what the SELECT gives.

        The checkpoint keeps it, and keeps the plan short: views of views would be planned once for every mention.
        """
        step = self._session.sql(select).localCheckpoint(eager=False)
        step.createOrReplaceTempView(name)
        self._steps.append(step)  # what nobody holds is dropped on the server

    def ask(self, select: str) -> Sequence[Row]:
        """Run one SELECT."""
        return [tuple(row) for row in self._session.sql(select).collect()]


@contextlib.contextmanager
def _spark(name: str, url: str, schema: str) -> Iterator[Engine]:
    try:
        import grpc  # noqa: PLC0415
        from pyspark.errors import PySparkException  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
        from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415
    except ImportError:
        raise _install(name, '"pyspark[connect]"') from None
    deaf = FileError(
        name, "does not answer, or refuses to read", "Check the url in the secrets, and the rights on the tables."
    )
    try:
        place = urlsplit(url)  # PySpark would try again for minutes
        host, port = place.hostname or "", place.port or 15002
        socket.create_connection((host, port), timeout=PATIENCE).close()
        if "ssl" not in place.path and "token" not in place.path:
            with grpc.insecure_channel(f"{host}:{port}") as channel:
                grpc.channel_ready_future(channel).result(timeout=PATIENCE)
        session = SparkSession.builder.remote(url).create()
        # Left to itself it asks a server that has gone again and again, for ten minutes each time.
        session.client.set_retry_policies([DefaultPolicy(**_AGAIN)])
        try:
            session.conf.set("spark.sql.session.timeZone", "UTC")
            with work.ended_by(session.interruptAll):
                yield Spark(session, schema)
        finally:
            session.stop()
    except PySparkException as problem:
        if any(word in (problem.getCondition() or "") for word in ("CAST", "DATATYPE", "OUT_OF_RANGE")):
            raise _unreadable(name) from None
        raise deaf from None
    except (OSError, ValueError, grpc.FutureTimeoutError):
        raise deaf from None
