"""A PostgreSQL server and a Spark Connect server of the tests' own. Where one is missing its tests are skipped."""

import contextlib
import csv
import importlib.util
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

TYPES = {"postgresql": {"text": "text", "date": "date", "number": "numeric(18, 2)"}}
TYPES["spark"] = {"text": "STRING", "date": "DATE", "number": "DECIMAL(18, 2)"}


def type_of(column):
    if column.endswith("_on"):
        return "date"
    return "number" if column in ("mrr", "amount") else "text"


def waited_for(port, seconds=120):
    for _ in range(seconds * 5):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.2)
    return False


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class PostgreSQLServer:
    """Each program stands in a schema of its own."""

    name = "postgresql"

    def __init__(self, folder, port):
        self.url, self.numbers = f"postgresql://motions:secret@127.0.0.1:{port}/postgres", itertools.count()

    def put(self, tables, types=()):
        """Make tables of {name: rows with a header}; settings of a connection to them."""
        import psycopg  # noqa: PLC0415

        schema = f"program_{next(self.numbers)}"
        with psycopg.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {schema}")
            for name, (header, *rows) in tables.items():
                own = TYPES[self.name]
                columns = [f"{column} {dict(types).get((name, column)) or own[type_of(column)]}" for column in header]
                cursor.execute(f"CREATE TABLE {schema}.{name} ({', '.join(columns)})")
                with cursor.copy(f"COPY {schema}.{name} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row([cell if cell != "" else None for cell in row])
        return {"url": self.url, "schema": schema}


class SparkServer:
    """Each program stands in a database of its own, over CSV files."""

    name = "spark"

    def __init__(self, folder, port):
        self.folder, self.url, self.numbers = folder, f"sc://127.0.0.1:{port}", itertools.count()

    def put(self, tables, types=()):
        """Make tables of {name: rows with a header}; settings of a connection to them."""
        from pyspark.sql import SparkSession  # noqa: PLC0415

        database = f"program_{next(self.numbers)}"
        session = SparkSession.builder.remote(self.url).create()
        session.sql(f"CREATE DATABASE {database}")
        for name, (header, *rows) in tables.items():
            path = self.folder / f"{database}_{name}.csv"
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([header, *rows])
            own = TYPES[self.name]
            columns = [f"{column} {dict(types).get((name, column)) or own[type_of(column)]}" for column in header]
            options = f"USING csv OPTIONS (header 'true', path '{path}')"
            session.sql(f"CREATE TABLE {database}.{name} ({', '.join(columns)}) {options}")
        session.stop()
        return {"url": self.url, "schema": database}


@pytest.fixture(scope="session")
def postgresql():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(shutil.which("initdb") or "").parent]
    programs = found[-1]
    if not (programs / "initdb").exists():
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="motions-pg-", dir="/tmp"))  # where its server, another user, may go
    # It refuses to run as root.
    user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")
    password, port = folder / "password", free_port()
    password.write_text("secret\n")
    password.chmod(0o644)
    data = ["-D", str(folder / "data")]
    secret = ["--auth=scram-sha-256", f"--pwfile={password}", "-U", "motions", "--encoding=UTF8", "--no-sync"]
    settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"

    def run(program, *arguments):
        command = [*user, str(programs / program), *data, *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", *secret)
    run("pg_ctl", "-w", "-o", settings, "-l", str(folder / "log"), "start")
    yield PostgreSQLServer(folder, port)
    run("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    if not shutil.which("java"):
        pytest.skip("no Java on this machine: Spark needs Java 17")
    if not importlib.util.find_spec("pyspark") or not importlib.util.find_spec("grpc"):
        pytest.skip("no Spark in this environment: pip install -r requirements-spark.txt")
    folder, port = tmp_path_factory.mktemp("spark"), free_port()
    home = Path(importlib.util.find_spec("pyspark").origin).parent
    options = {
        "spark.connect.grpc.binding.port": port,
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": 1,
        # Rows are few and statements many: what Spark and Java compile would not be used long enough to pay.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.warehouse.dir": folder,
    }
    command = [str(home / "sbin/start-connect-server.sh"), "--master", "local[2]"]
    command += [word for name, value in options.items() for word in ("--conf", f"{name}={value}")]
    env = {**os.environ, "SPARK_HOME": str(home), "SPARK_NO_DAEMONIZE": "1", "SPARK_LOG_DIR": str(folder)}
    env |= {"SPARK_PID_DIR": str(folder), "PYSPARK_PYTHON": sys.executable}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        assert waited_for(port), (folder / "log").read_text()[-2000:]
        yield SparkServer(folder, port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
