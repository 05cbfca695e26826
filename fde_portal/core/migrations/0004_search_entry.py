"""The table that search reads, with the full-text index of the database at hand."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRES = [
    """
    ALTER TABLE core_searchentry
        ADD COLUMN title_document tsvector GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || tags)) STORED,
        ADD COLUMN document tsvector GENERATED ALWAYS AS (to_tsvector('simple', words || ' ' || tags)) STORED
    """,
    "CREATE INDEX core_searchentry_title ON core_searchentry USING gin (title_document)",
    "CREATE INDEX core_searchentry_document ON core_searchentry USING gin (document)",
]

# The index holds no text of its own: triggers keep it beside the table, in the same transaction.
# A later change of this table must make them anew, because SQLite then builds another table.
_INSERT = "INSERT INTO core_searchentry_fts (rowid, tags, title, words) VALUES (new.id, new.tags, new.title, new.words);"
_DELETE = (
    "INSERT INTO core_searchentry_fts (core_searchentry_fts, rowid, tags, title, words)"
    " VALUES ('delete', old.id, old.tags, old.title, old.words);"
)
SQLITE = [
    "CREATE VIRTUAL TABLE core_searchentry_fts USING fts5"
    " (tags, title, words, content='core_searchentry', content_rowid='id', detail='column', prefix='2 3 4')",
    f"CREATE TRIGGER core_searchentry_added AFTER INSERT ON core_searchentry BEGIN {_INSERT} END",
    f"CREATE TRIGGER core_searchentry_changed AFTER UPDATE ON core_searchentry BEGIN {_DELETE} {_INSERT} END",
    f"CREATE TRIGGER core_searchentry_removed AFTER DELETE ON core_searchentry BEGIN {_DELETE} END",
]


def create_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def drop_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # PostgreSQL drops columns and indexes with the table, SQLite the triggers.
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE core_searchentry_fts")


class Migration(migrations.Migration):
    dependencies = [("core", "0003_outgoing_mail")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=64)),
                ("subject_id", models.BigIntegerField()),
                ("tags", models.TextField()),
                ("title", models.TextField()),
                ("words", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "id"], name="search_entry_kind_id")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "subject_id"), name="search_entry_once_per_record")
                ]
            },
        ),
        migrations.RunPython(create_index, drop_index),
    ]
