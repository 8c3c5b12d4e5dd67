"""codes that were given."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "given_codes",
        sa.Column("offer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("external_userid", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("because", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("offer", "code"),
    )
    with op.batch_alter_table("given_codes", schema=None) as batch_op:
        batch_op.create_index("given_codes_of", ["person_id", "offer"], unique=False)


def downgrade() -> None:
    op.drop_table("given_codes")
