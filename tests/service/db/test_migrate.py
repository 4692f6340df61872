"""From an empty database to the tables of this version, on both databases, by any number of processes."""

from __future__ import annotations

import importlib
import multiprocessing
import pkgutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from service.db.base import Base
from service.db.database import connect
from service.db.errors import DatabaseUnavailable, WrongSchema
from service.db.migrate import FOLDER, at_head, head, require_head, upgrade
from service.db.migrations import versions

ENGINE_TABLES = {"workflow_status", "operation_outputs", "dbos_migrations"}


@pytest.fixture
def engine(database_url):
    """Of an empty database."""
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def migrated(migrated_url):
    """Of a database with all tables."""
    engine = connect(migrated_url)
    yield engine
    engine.dispose()


def differences(engine):
    """What Alembic would change to come to the tables; those of the durable engine are not ours."""

    def ours(name, kind, parents):
        return kind != "table" or name in Base.metadata.tables

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        return compare_metadata(context, Base.metadata)


def engine_tables(engine):
    schema = None if engine.dialect.name == "sqlite" else "dbos"
    return set(inspect(engine).get_table_names(schema))


def test_an_empty_database_gets_every_table_and_a_second_run_changes_nothing(engine, database_url):
    assert not at_head(engine)
    for _ in range(2):
        upgrade(database_url)
        assert at_head(engine)
        assert differences(engine) == []
        assert engine_tables(engine) >= ENGINE_TABLES


def test_a_missing_column_would_be_seen(migrated):
    with migrated.begin() as connection:
        connection.execute(text("ALTER TABLE job DROP COLUMN left_s"))
    assert [change[0] for change in differences(migrated)] == ["add_column"]


def test_our_tables_and_those_of_the_durable_engine_never_meet(migrated):
    engine_s = inspect(migrated).get_table_names("dbos") if migrated.dialect.name == "postgresql" else []
    reserved = {*engine_s, *ENGINE_TABLES, "notifications", "streams", "queues", "workflow_events"}
    assert not reserved & set(Base.metadata.tables)


def test_several_processes_that_start_at_once_all_succeed(engine, database_url):
    context = multiprocessing.get_context("spawn")
    starts = [context.Process(target=upgrade, args=(database_url,)) for _ in range(2)]
    for start in starts:
        start.start()
    for start in starts:
        start.join(60)
    assert [start.exitcode for start in starts] == [0, 0]
    assert at_head(engine)
    assert differences(engine) == []


def test_tables_that_are_newer_are_left_alone(migrated, migrated_url):
    assert at_head(migrated)
    require_head(migrated)
    with migrated.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not at_head(migrated)
    for refuses in (lambda: upgrade(migrated_url), lambda: require_head(migrated)):
        with pytest.raises(WrongSchema) as error:
            refuses()
        assert error.value.key == "schema_newer"


def test_older_tables_are_told_apart(engine):
    with pytest.raises(WrongSchema) as error:
        require_head(engine)
    assert error.value.key == "schema_older"


def test_the_head_of_the_file_names_is_alembic_s():
    assert ScriptDirectory(str(FOLDER)).get_current_head() == head()


def test_there_is_no_way_back():
    modules = list(pkgutil.iter_modules(versions.__path__, f"{versions.__name__}."))
    assert modules
    for found in modules:
        assert not hasattr(importlib.import_module(found.name), "downgrade"), found.name


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x", "no url"])
def test_only_sqlite_in_a_file_and_postgresql_are_taken(url):
    with pytest.raises(WrongSchema) as error:
        upgrade(url)
    assert error.value.key == "database_kind"


def test_an_unreachable_server_is_told_without_its_address():
    with pytest.raises(DatabaseUnavailable) as error:
        upgrade("postgresql+psycopg://someone:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in error.value.line("en")
    assert error.value.retry_can_help


def test_what_refers_to_a_document_is_found_by_an_index(migrated):
    """Else deleting one of ten thousand meetings' documents reads whole tables, with everybody waiting."""
    tables = inspect(migrated)
    asked = [
        (table, tuple(key["constrained_columns"]))
        for table in Base.metadata.tables
        for key in tables.get_foreign_keys(table)
        if key["referred_table"] == "document"
    ]
    found = {
        (table, tuple(index["column_names"])) for table, _ in asked for index in tables.get_indexes(table)
    }
    assert asked and not set(asked) - found
