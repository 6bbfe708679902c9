"""The database: one SQLite file that several processes work with at the same time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from hr_system.base import Base

__all__ = ["PATIENCE", "create", "reading", "writing"]

#: For how many seconds somebody waits until another has written.
PATIENCE = 30.0


def create(path: Path) -> None:
    """Create the tables in a new file.

    In write-ahead mode, which the file remembers, nobody who reads waits for one who writes. It
    needs a local disk.
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    Base.metadata.create_all(_engine(path, "BEGIN", PATIENCE))


@contextmanager
def reading(path: Path, *, patience: float = PATIENCE) -> Iterator[Session]:
    """Open a session that sees the database as it is now, whatever others write meanwhile."""
    with Session(_engine(path, "BEGIN", patience)) as session:
        yield session


@contextmanager
def writing(path: Path, *, patience: float = PATIENCE) -> Iterator[Session]:
    """Open a session in which everything is written, or nothing if an error leaves it.

    Of several only one writes at a time. The lock is taken before anything is read: who reads
    first and wants to write then may be refused, as another wrote in between.
    """
    with Session(_engine(path, "BEGIN IMMEDIATE", patience)) as session, session.begin():
        session.connection()  # now: a session by itself begins with its first statement
        yield session


def _engine(path: Path, begin: str, patience: float) -> Engine:
    """Return an engine that keeps no connection open: a fork must not inherit one."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": patience},
        hide_parameters=True,  # no error and no log shows what was in a row
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver would begin transactions when it likes
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
