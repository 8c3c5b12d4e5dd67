"""What the bot knows of a customer, as a story looks at it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Known:
    """Tags, profile fields, and where the survey stands."""

    tags: frozenset[str]
    fields: dict[str, str]
    state: str
    runs: int


async def profile_of(stage: Stage, customer: str) -> Known:
    """Everything at this moment."""

    def look(conn: Connection) -> Known:
        who = {"who": customer}
        whose = "person_id = (SELECT person_id FROM identities WHERE kind = 'external_userid' AND value = :who)"
        tags = conn.execute(text(f"SELECT tag FROM person_tags WHERE {whose}"), who).scalars().all()
        fields = conn.execute(text(f"SELECT field, value FROM profile_fields WHERE {whose}"), who).all()
        runs = (
            conn.execute(text(f"SELECT state FROM survey_runs WHERE {whose} ORDER BY started_at"), who).scalars().all()
        )
        return Known(frozenset(tags), {field: value for field, value in fields}, runs[-1] if runs else "", len(runs))

    return await stage.app.database.read(look)
