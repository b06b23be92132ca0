"""Makes the full-text index. A later migration that makes SQLite build the conversations' table anew loses the trigger."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_MAKE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE conversations_search"
        " USING fts5(words, tags, columnsize=0, tokenize='unicode61 remove_diacritics 0')",
        "CREATE TRIGGER conversations_search_forget AFTER DELETE ON conversations_conversation"
        " BEGIN DELETE FROM conversations_search WHERE rowid = old.id; END",
    ),
    "postgresql": (
        "CREATE TABLE conversations_search (conversation_id bigint PRIMARY KEY"
        " REFERENCES conversations_conversation (id) ON DELETE CASCADE, words tsvector NOT NULL)",
        # The planner decides by how frequent words and tags are, so it should know many of them.
        "ALTER TABLE conversations_search ALTER words SET STATISTICS 1000",
        "CREATE INDEX conversations_search_words ON conversations_search USING gin (words) WITH (fastupdate = off)",
    ),
}
_REMOVE = {
    "sqlite": ("DROP TRIGGER conversations_search_forget", "DROP TABLE conversations_search"),
    "postgresql": ("DROP TABLE conversations_search",),
}


def make(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index."""
    for statement in _MAKE[editor.connection.vendor]:
        editor.execute(statement)


def remove(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the index."""
    for statement in _REMOVE[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]
    operations = [migrations.RunPython(make, remove)]
