"""notices campaigns exams broadcasts."""

import sqlalchemy as sa
from alembic import op

from db.base import UtcDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


REFERENCES = (
    ("person", "village_id", "village"),
    ("person", "grid_id", "grid"),
    ("outbox", "broadcast_id", "broadcast"),
    ("outbox", "reminder_id", "reminder"),
)


def _add_reference(table: str, column: str, target: str) -> None:
    """Add a foreign key in place, as 0002 does and for its reasons (decision 0015)."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    name = f"fk_{table}_{column}_{target}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT {name} REFERENCES {target} (id)")


def upgrade() -> None:
    op.create_table('broadcast',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('drafted_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submitted_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('approved_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approved_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('returned', sa.String(), nullable=True),
    sa.Column('starts_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('expires_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('frozen_to', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('fed_to', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('started_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('done_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('resend_of', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status IN ('draft', 'submitted', 'cancelled') OR approved_by IS NOT NULL", name=op.f('ck_broadcast_approved')),
    sa.CheckConstraint("status IN ('draft', 'submitted', 'scheduled', 'freezing', 'sending', 'paused', 'cancelled', 'done')", name=op.f('ck_broadcast_status')),
    sa.CheckConstraint('approved_by <> drafted_by', name=op.f('ck_broadcast_second_person')),
    sa.ForeignKeyConstraint(['approved_by'], ['staff.id'], name=op.f('fk_broadcast_approved_by_staff')),
    sa.ForeignKeyConstraint(['drafted_by'], ['staff.id'], name=op.f('fk_broadcast_drafted_by_staff')),
    sa.ForeignKeyConstraint(['resend_of'], ['broadcast.id'], name=op.f('fk_broadcast_resend_of_broadcast')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcast'))
    )
    op.create_table('campaign',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('year', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('deadline', sa.Date(), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status IN ('draft', 'running', 'closed')", name=op.f('ck_campaign_status')),
    sa.CheckConstraint('opens_on < deadline', name=op.f('ck_campaign_dates')),
    sa.ForeignKeyConstraint(['created_by'], ['staff.id'], name=op.f('fk_campaign_created_by_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign')),
    sa.UniqueConstraint('title', name=op.f('uq_campaign_title'))
    )
    op.create_table('exam_batch',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('before', sa.String(), nullable=False),
    sa.Column('bring', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('exam', 'recuperation')", name=op.f('ck_exam_batch_kind')),
    sa.CheckConstraint("status IN ('draft', 'open', 'closed')", name=op.f('ck_exam_batch_status')),
    sa.ForeignKeyConstraint(['created_by'], ['staff.id'], name=op.f('fk_exam_batch_created_by_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_batch')),
    sa.UniqueConstraint('title', name=op.f('uq_exam_batch_title'))
    )
    op.create_table('follow_up',
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_follow_up_staff_id_staff')),
    sa.PrimaryKeyConstraint('channel', 'recipient', name=op.f('pk_follow_up'))
    )
    op.create_table('reminder',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('period', sa.String(), nullable=False),
    sa.Column('about_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('step', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('next_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('status', sa.String(), nullable=False),
    sa.CheckConstraint("kind IN ('certification', 'exam', 'recuperation', 'visit')", name=op.f('ck_reminder_kind')),
    sa.CheckConstraint("status IN ('pending', 'done', 'stopped')", name=op.f('ck_reminder_status')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reminder_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('person_id', 'kind', 'period', name=op.f('uq_reminder_person_id_kind_period'))
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index('ix_reminder_about', ['kind', 'about_id'], unique=False)
        batch_op.create_index('ix_reminder_due', ['next_at', 'id'], unique=False, sqlite_where=sa.text("status = 'pending'"), postgresql_where=sa.text("status = 'pending'"))

    op.create_table('binding_code',
    sa.Column('code_hash', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('expires_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('used_at', UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_binding_code_person_id_person')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_binding_code_staff_id_staff')),
    sa.ForeignKeyConstraint(['used_by'], ['address.id'], name=op.f('fk_binding_code_used_by_address')),
    sa.PrimaryKeyConstraint('code_hash', name=op.f('pk_binding_code'))
    )
    with op.batch_alter_table('binding_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_binding_code_person_id'), ['person_id'], unique=False)

    op.create_table('binding_guess',
    sa.Column('address_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('failures', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('locked_until', UtcDateTime(timezone=True), nullable=True),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['address_id'], ['address.id'], name=op.f('fk_binding_guess_address_id_address')),
    sa.PrimaryKeyConstraint('address_id', name=op.f('pk_binding_guess'))
    )
    op.create_table('binding_request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('address_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_key', sa.String(), nullable=False),
    sa.Column('id_tail_key', sa.String(), nullable=False),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status IN ('waiting', 'accepted', 'refused')", name=op.f('ck_binding_request_status')),
    sa.ForeignKeyConstraint(['address_id'], ['address.id'], name=op.f('fk_binding_request_address_id_address')),
    sa.ForeignKeyConstraint(['decided_by'], ['staff.id'], name=op.f('fk_binding_request_decided_by_staff')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_binding_request_person_id_person')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_binding_request_station_id_station')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_binding_request'))
    )
    with op.batch_alter_table('binding_request', schema=None) as batch_op:
        batch_op.create_index('ix_binding_request_address_id', ['address_id'], unique=False)
        batch_op.create_index('ix_binding_request_status_id', ['status', 'id'], unique=False)

    op.create_table('broadcast_recipient',
    sa.Column('broadcast_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('address_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('fate', sa.String(), nullable=False),
    sa.CheckConstraint("fate IN ('waiting', 'queued', 'blocked', 'never', 'stopped', 'erased', 'deceased')", name=op.f('ck_broadcast_recipient_fate')),
    sa.ForeignKeyConstraint(['address_id'], ['address.id'], name=op.f('fk_broadcast_recipient_address_id_address')),
    sa.ForeignKeyConstraint(['broadcast_id'], ['broadcast.id'], name=op.f('fk_broadcast_recipient_broadcast_id_broadcast')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_broadcast_recipient_person_id_person')),
    sa.PrimaryKeyConstraint('broadcast_id', 'number', name=op.f('pk_broadcast_recipient'))
    )
    with op.batch_alter_table('broadcast_recipient', schema=None) as batch_op:
        batch_op.create_index('ix_broadcast_recipient_waiting', ['broadcast_id', 'number'], unique=False, sqlite_where=sa.text("fate = 'waiting'"), postgresql_where=sa.text("fate = 'waiting'"))

    op.create_table('certification',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('claimed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('claimed_from', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('way', sa.String(), nullable=True),
    sa.Column('done_by', sa.String(), nullable=True),
    sa.Column('evidence', sa.String(), nullable=True),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('done_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('visit', sa.String(), nullable=True),
    sa.CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name=op.f('ck_certification_done')),
    sa.CheckConstraint("(status = 'done') = (way IS NOT NULL)", name=op.f('ck_certification_done_way')),
    sa.CheckConstraint("status IN ('open', 'claimed', 'done', 'deceased', 'removed')", name=op.f('ck_certification_status')),
    sa.CheckConstraint("way IN ('self', 'proxy', 'visit', 'online')", name=op.f('ck_certification_way')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_certification_campaign_id_campaign')),
    sa.ForeignKeyConstraint(['claimed_from'], ['address.id'], name=op.f('fk_certification_claimed_from_address')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_certification_person_id_person')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_certification_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certification')),
    sa.UniqueConstraint('campaign_id', 'person_id', name=op.f('uq_certification_campaign_id_person_id'))
    )
    with op.batch_alter_table('certification', schema=None) as batch_op:
        batch_op.create_index('ix_certification_campaign_id_status', ['campaign_id', 'status'], unique=False)
        batch_op.create_index('ix_certification_person_id', ['person_id'], unique=False)

    op.create_table('exam_session',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('half', sa.String(), nullable=False),
    sa.Column('capacity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('taken', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("half IN ('am', 'pm', 'days')", name=op.f('ck_exam_session_half')),
    sa.CheckConstraint('taken BETWEEN 0 AND capacity', name=op.f('ck_exam_session_taken')),
    sa.ForeignKeyConstraint(['batch_id'], ['exam_batch.id'], name=op.f('fk_exam_session_batch_id_exam_batch')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_session')),
    sa.UniqueConstraint('batch_id', 'day', 'half', name=op.f('uq_exam_session_batch_id_day_half'))
    )
    op.create_table('notice_stop',
    sa.Column('address_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['address_id'], ['address.id'], name=op.f('fk_notice_stop_address_id_address')),
    sa.PrimaryKeyConstraint('address_id', 'kind', name=op.f('pk_notice_stop'))
    )
    op.create_table('proxy',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('address_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('relation', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=True),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('consent_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('code_hash', sa.String(), nullable=True),
    sa.Column('code_until', UtcDateTime(timezone=True), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status <> 'active' OR address_id IS NOT NULL", name=op.f('ck_proxy_holder')),
    sa.CheckConstraint("status IN ('offered', 'active', 'ended')", name=op.f('ck_proxy_status')),
    sa.ForeignKeyConstraint(['address_id'], ['address.id'], name=op.f('fk_proxy_address_id_address')),
    sa.ForeignKeyConstraint(['consent_by'], ['staff.id'], name=op.f('fk_proxy_consent_by_staff')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_proxy_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proxy')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_proxy_code_hash'))
    )
    with op.batch_alter_table('proxy', schema=None) as batch_op:
        batch_op.create_index('ix_proxy_address_id', ['address_id'], unique=False)
        batch_op.create_index('ix_proxy_person_id', ['person_id'], unique=False)

    op.create_table('exam_place',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('session_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('attended', sa.Boolean(), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('active', 'cancelled')", name=op.f('ck_exam_place_status')),
    sa.ForeignKeyConstraint(['batch_id'], ['exam_batch.id'], name=op.f('fk_exam_place_batch_id_exam_batch')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_exam_place_person_id_person')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_exam_place_session_id_exam_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_place')),
    sa.UniqueConstraint('code', name=op.f('uq_exam_place_code'))
    )
    with op.batch_alter_table('exam_place', schema=None) as batch_op:
        batch_op.create_index('ix_exam_place_person_id', ['person_id'], unique=False)
        batch_op.create_index('ix_exam_place_session_id', ['session_id'], unique=False)
        batch_op.create_index('uq_exam_place_batch_id_person_id', ['batch_id', 'person_id'], unique=True, sqlite_where=sa.text("status = 'active'"), postgresql_where=sa.text("status = 'active'"))

    for table, column, target in REFERENCES:
        _add_reference(table, column, target)
    op.add_column("person", sa.Column("id_key", sa.String(), nullable=True))
    op.add_column("person", sa.Column("id_tail_key", sa.String(), nullable=True))
    op.add_column("person", sa.Column("birth_year", sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
    op.add_column("person", sa.Column("quiet_from", sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
    op.add_column("person", sa.Column("quiet_until", sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
    op.add_column("person", sa.Column("deceased_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("erased_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("notice", sa.String(), nullable=True))
    op.add_column("outbox", sa.Column("released_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("window_end", UtcDateTime(timezone=True), nullable=True))
    op.create_index("ix_person_village_id", "person", ["village_id"])
    op.create_index("ix_person_grid_id", "person", ["grid_id"])
    op.create_index("ix_person_id_key", "person", ["id_key"])
    op.create_index("ix_person_station_id", "person", ["station_id"])
    op.create_index("ix_outbox_broadcast_id", "outbox", ["broadcast_id", "status"])
    op.create_index("ix_outbox_reminder_id", "outbox", ["reminder_id"])
    held = sa.text("status = 'held'")
    columns = ["channel", "recipient", "id", "available_at", "expires_at"]
    op.create_index("ix_outbox_held", "outbox", columns, sqlite_where=held, postgresql_where=held)
    ready = sa.text("status = 'ready'")
    op.drop_index("ix_outbox_ready_lane", "outbox")
    columns = ["channel", "lane", "id"]
    op.create_index("ix_outbox_ready", "outbox", columns, sqlite_where=ready, postgresql_where=ready)
    op.drop_index("ix_outbox_ready_recipient", "outbox")
    columns = ["channel", "recipient", "lane", "id"]
    op.create_index("ix_outbox_ready_recipient", "outbox", columns, sqlite_where=ready, postgresql_where=ready)
    dead = sa.text("status = 'dead'")
    op.create_index("ix_outbox_dead", "outbox", ["at"], sqlite_where=dead, postgresql_where=dead)


def downgrade() -> None:
    ready = sa.text("status = 'ready'")
    op.drop_index("ix_outbox_ready", "outbox")
    op.create_index("ix_outbox_ready_lane", "outbox", ["lane", "id"], sqlite_where=ready, postgresql_where=ready)
    op.drop_index("ix_outbox_ready_recipient", "outbox")
    columns = ["recipient", "lane", "id"]
    op.create_index("ix_outbox_ready_recipient", "outbox", columns, sqlite_where=ready, postgresql_where=ready)
    op.drop_index("ix_outbox_dead", "outbox")
    op.drop_index("ix_outbox_held", "outbox")
    op.drop_index("ix_outbox_reminder_id", "outbox")
    op.drop_index("ix_outbox_broadcast_id", "outbox")
    op.drop_index("ix_person_station_id", "person")
    op.drop_index("ix_person_id_key", "person")
    op.drop_index("ix_person_grid_id", "person")
    op.drop_index("ix_person_village_id", "person")
    op.drop_column("outbox", "window_end")
    op.drop_column("outbox", "released_at")
    op.drop_column("outbox", "notice")
    op.drop_column("person", "erased_at")
    op.drop_column("person", "deceased_at")
    op.drop_column("person", "quiet_until")
    op.drop_column("person", "quiet_from")
    op.drop_column("person", "birth_year")
    op.drop_column("person", "id_tail_key")
    op.drop_column("person", "id_key")
    for table, column, _ in REFERENCES:
        op.drop_column(table, column)

    with op.batch_alter_table('exam_place', schema=None) as batch_op:
        batch_op.drop_index('uq_exam_place_batch_id_person_id', sqlite_where=sa.text("status = 'active'"), postgresql_where=sa.text("status = 'active'"))
        batch_op.drop_index('ix_exam_place_session_id')
        batch_op.drop_index('ix_exam_place_person_id')

    op.drop_table('exam_place')
    with op.batch_alter_table('proxy', schema=None) as batch_op:
        batch_op.drop_index('ix_proxy_person_id')
        batch_op.drop_index('ix_proxy_address_id')

    op.drop_table('proxy')
    op.drop_table('notice_stop')
    op.drop_table('exam_session')
    with op.batch_alter_table('certification', schema=None) as batch_op:
        batch_op.drop_index('ix_certification_person_id')
        batch_op.drop_index('ix_certification_campaign_id_status')

    op.drop_table('certification')
    with op.batch_alter_table('broadcast_recipient', schema=None) as batch_op:
        batch_op.drop_index('ix_broadcast_recipient_waiting', sqlite_where=sa.text("fate = 'waiting'"), postgresql_where=sa.text("fate = 'waiting'"))

    op.drop_table('broadcast_recipient')
    with op.batch_alter_table('binding_request', schema=None) as batch_op:
        batch_op.drop_index('ix_binding_request_status_id')
        batch_op.drop_index('ix_binding_request_address_id')

    op.drop_table('binding_request')
    op.drop_table('binding_guess')
    with op.batch_alter_table('binding_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_binding_code_person_id'))

    op.drop_table('binding_code')
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.drop_index('ix_reminder_due', sqlite_where=sa.text("status = 'pending'"), postgresql_where=sa.text("status = 'pending'"))
        batch_op.drop_index('ix_reminder_about')

    op.drop_table('reminder')
    op.drop_table('follow_up')
    op.drop_table('exam_batch')
    op.drop_table('campaign')
    op.drop_table('broadcast')
