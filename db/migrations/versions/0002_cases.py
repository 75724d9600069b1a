"""cases staff places calendar media."""

import sqlalchemy as sa
from alembic import op

from db.base import UtcDateTime

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


REFERENCES = (
    ("address", "person_id", "person"),
    ("conversation", "case_id", "support_case"),
    ("inbox", "case_id", "support_case"),
    ("outbox", "case_id", "support_case"),
    ("outbox", "staff_id", "staff"),
)


def _add_reference(table: str, column: str, target: str) -> None:
    """Add a foreign key in place: SQLite's copy of a whole table would lose checks, and fail once rows refer to it."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    name = f"fk_{table}_{column}_{target}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT {name} REFERENCES {target} (id)")


def upgrade() -> None:
    op.create_table('audit_head',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('calendar_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('working', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_calendar_day'))
    )
    op.create_table('canned_reply',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_canned_reply')),
    sa.UniqueConstraint('title', name=op.f('uq_canned_reply_title'))
    )
    op.create_table('office_hours',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('weekday', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('opens', sa.Time(), nullable=False),
    sa.Column('closes', sa.Time(), nullable=False),
    sa.CheckConstraint('opens < closes', name=op.f('ck_office_hours_order')),
    sa.CheckConstraint('weekday BETWEEN 0 AND 6', name=op.f('ck_office_hours_weekday')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_office_hours')),
    sa.UniqueConstraint('weekday', 'opens', name=op.f('uq_office_hours_weekday_opens'))
    )
    op.create_table('reply_target',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('first_minutes', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('next_minutes', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_reply_target'))
    )
    op.create_table('staff_group',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('chat_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('configured', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_group'))
    )
    op.create_table('township',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_township')),
    sa.UniqueConstraint('name', name=op.f('uq_township_name'))
    )
    op.create_table('station',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('township_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('address', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=True),
    sa.CheckConstraint("level IN ('county', 'township', 'village')", name=op.f('ck_station_level')),
    sa.ForeignKeyConstraint(['parent_id'], ['station.id'], name=op.f('fk_station_parent_id_station')),
    sa.ForeignKeyConstraint(['township_id'], ['township.id'], name=op.f('fk_station_township_id_township')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_station')),
    sa.UniqueConstraint('name', name=op.f('uq_station_name'))
    )
    with op.batch_alter_table('station', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_station_parent_id'), ['parent_id'], unique=False)

    op.create_table('person',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=True),
    sa.Column('name_key', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=True),
    sa.Column('phone_key', sa.String(), nullable=True),
    sa.Column('region', sa.String(), nullable=True),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_person_station_id_station')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_name_key'), ['name_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_phone_key'), ['phone_key'], unique=False)

    op.create_table('village',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('township_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_village_station_id_station')),
    sa.ForeignKeyConstraint(['township_id'], ['township.id'], name=op.f('fk_village_township_id_township')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_village')),
    sa.UniqueConstraint('township_id', 'name', name=op.f('uq_village_township_id_name'))
    )
    op.create_table('grid',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('worker_name', sa.String(), nullable=True),
    sa.Column('worker_phone', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['village_id'], ['village.id'], name=op.f('fk_grid_village_id_village')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid')),
    sa.UniqueConstraint('village_id', 'name', name=op.f('uq_grid_village_id_name'))
    )
    op.create_table('staff',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('login', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('grid_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('telegram_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('on_duty', sa.Boolean(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=True),
    sa.Column('totp_secret', sa.String(), nullable=True),
    sa.Column('totp_required', sa.Boolean(), nullable=False),
    sa.Column('totp_used_step', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('failures', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('locked_until', UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('admin', 'lead', 'agent', 'editor', 'grid')", name=op.f('ck_staff_role')),
    sa.ForeignKeyConstraint(['grid_id'], ['grid.id'], name=op.f('fk_staff_grid_id_grid')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_staff_station_id_station')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('login', name=op.f('uq_staff_login')),
    sa.UniqueConstraint('telegram_id', name=op.f('uq_staff_telegram_id'))
    )
    op.create_table('audit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('object', sa.String(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('origin', sa.String(), nullable=True),
    sa.Column('hash', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_audit_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index('ix_audit_staff_id_id', ['staff_id', 'id'], unique=False)

    op.create_table('staff_invite',
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('expires_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_invite_staff_id_staff')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_staff_invite'))
    )
    op.create_table('staff_session',
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('seen_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('origin', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_session_staff_id_staff')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_staff_session'))
    )
    with op.batch_alter_table('staff_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_session_staff_id'), ['staff_id'], unique=False)

    op.create_table('support_case',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('address_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('crisis', sa.Boolean(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('claimed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('claimed_until', UtcDateTime(timezone=True), nullable=True),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('category', sa.String(), nullable=True),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('waiting_since', UtcDateTime(timezone=True), nullable=True),
    sa.Column('due_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('escalation', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('alerted_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('told_closed_hours', sa.Boolean(), nullable=False),
    sa.Column('first_answer_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('reopened', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rating', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('rating_comment', sa.String(), nullable=True),
    sa.CheckConstraint("(status = 'claimed') = (claimed_by IS NOT NULL)", name=op.f('ck_support_case_owner')),
    sa.CheckConstraint("kind IN ('consult', 'benefit', 'errand', 'petition', 'crisis')", name=op.f('ck_support_case_kind')),
    sa.CheckConstraint("outcome IN ('resolved', 'false_alarm', 'withdrawn', 'idle')", name=op.f('ck_support_case_outcome')),
    sa.CheckConstraint("reason IN ('asked', 'no_answer', 'voice', 'crisis', 'petition', 'staff')", name=op.f('ck_support_case_reason')),
    sa.CheckConstraint("status IN ('open', 'claimed', 'closed')", name=op.f('ck_support_case_status')),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_support_case_rating')),
    sa.ForeignKeyConstraint(['address_id'], ['address.id'], name=op.f('fk_support_case_address_id_address')),
    sa.ForeignKeyConstraint(['claimed_by'], ['staff.id'], name=op.f('fk_support_case_claimed_by_staff')),
    sa.ForeignKeyConstraint(['closed_by'], ['staff.id'], name=op.f('fk_support_case_closed_by_staff')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_support_case_station_id_station')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_case')),
    sa.UniqueConstraint('code', name=op.f('uq_support_case_code'))
    )
    with op.batch_alter_table('support_case', schema=None) as batch_op:
        batch_op.create_index('ix_support_case_address_id_id', ['address_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_support_case_claimed_by'), ['claimed_by'], unique=False)
        batch_op.create_index('ix_support_case_closed_at', ['closed_at'], unique=False)
        batch_op.create_index('ix_support_case_queue', ['status', 'crisis', 'due_at'], unique=False)
        batch_op.create_index('uq_support_case_address_id', ['address_id'], unique=True, sqlite_where=sa.text("status <> 'closed'"), postgresql_where=sa.text("status <> 'closed'"))

    op.create_table('case_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_case_event_case_id_support_case')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_case_event_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_event'))
    )
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.create_index('ix_case_event_case_id_id', ['case_id', 'id'], unique=False)

    op.create_table('case_note',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('dedupe_key', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_case_note_case_id_support_case')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_case_note_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_note')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_case_note_dedupe_key'))
    )
    with op.batch_alter_table('case_note', schema=None) as batch_op:
        batch_op.create_index('ix_case_note_case_id_id', ['case_id', 'id'], unique=False)

    op.create_table('case_seen',
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_case_seen_case_id_support_case')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_case_seen_staff_id_staff')),
    sa.PrimaryKeyConstraint('case_id', 'staff_id', name=op.f('pk_case_seen'))
    )
    op.create_table('case_topic',
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('chat_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('card_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('shown', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_case_topic_case_id_support_case')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_case_topic'))
    )
    with op.batch_alter_table('case_topic', schema=None) as batch_op:
        batch_op.create_index('ix_case_topic_thread', ['chat_id', 'thread_id'], unique=False)

    op.create_table('faq_draft',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=True),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status IN ('review', 'done', 'dropped')", name=op.f('ck_faq_draft_status')),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_faq_draft_case_id_support_case')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_faq_draft_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_faq_draft')),
    sa.UniqueConstraint('case_id', name=op.f('uq_faq_draft_case_id'))
    )
    op.create_table('petition',
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('since', UtcDateTime(timezone=True), nullable=False),
    sa.Column('noticed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('extended_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('extended_reason', sa.String(), nullable=True),
    sa.Column('decided_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('review_since', UtcDateTime(timezone=True), nullable=True),
    sa.Column('reviewed_at', UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_petition_case_id_support_case')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_petition'))
    )
    op.create_table('attachment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('address_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('event_id', sa.String(), nullable=True),
    sa.Column('outbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=True),
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sha256', sa.String(), nullable=True),
    sa.Column('file_ref', sa.String(), nullable=True),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('attempts', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('available_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('photo', 'voice', 'video', 'document')", name=op.f('ck_attachment_kind')),
    sa.CheckConstraint("status <> 'stored' OR sha256 IS NOT NULL", name=op.f('ck_attachment_stored')),
    sa.CheckConstraint("status IN ('pending', 'stored', 'refused', 'failed')", name=op.f('ck_attachment_status')),
    sa.ForeignKeyConstraint(['address_id'], ['address.id'], name=op.f('fk_attachment_address_id_address')),
    sa.ForeignKeyConstraint(['channel', 'event_id'], ['inbox.channel', 'inbox.event_id'], name=op.f('fk_attachment_channel_event_id_inbox')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_attachment_outbox_id_outbox')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_address_id'), ['address_id'], unique=False)
        batch_op.create_index('ix_attachment_channel_event_id', ['channel', 'event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_outbox_id'), ['outbox_id'], unique=False)
        batch_op.create_index('ix_attachment_pending', ['available_at'], unique=False, sqlite_where=sa.text("status = 'pending'"), postgresql_where=sa.text("status = 'pending'"))

    op.create_table('inbox_version',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('event_id', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('until', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['channel', 'event_id'], ['inbox.channel', 'inbox.event_id'], name=op.f('fk_inbox_version_channel_event_id_inbox')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbox_version'))
    )
    with op.batch_alter_table('inbox_version', schema=None) as batch_op:
        batch_op.create_index('ix_inbox_version_channel_event_id', ['channel', 'event_id'], unique=False)

    for table, column, target in REFERENCES:
        _add_reference(table, column, target)
    op.create_index("ix_address_person_id", "address", ["person_id"])
    op.add_column("inbox", sa.Column("message_id", sa.String(), nullable=True))
    op.add_column("inbox", sa.Column("place", sa.JSON(), nullable=True))
    op.create_index("ix_inbox_case_id_at", "inbox", ["case_id", "at"])
    op.add_column("outbox", sa.Column("read_at", UtcDateTime(timezone=True), nullable=True))
    op.create_index("ix_outbox_case_id_id", "outbox", ["case_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_outbox_case_id_id", "outbox")
    op.drop_column("outbox", "read_at")
    op.drop_index("ix_inbox_case_id_at", "inbox")
    op.drop_column("inbox", "place")
    op.drop_column("inbox", "message_id")
    op.drop_index("ix_address_person_id", "address")
    for table, column, _ in REFERENCES:
        op.drop_column(table, column)

    with op.batch_alter_table('inbox_version', schema=None) as batch_op:
        batch_op.drop_index('ix_inbox_version_channel_event_id')

    op.drop_table('inbox_version')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index('ix_attachment_pending', sqlite_where=sa.text("status = 'pending'"), postgresql_where=sa.text("status = 'pending'"))
        batch_op.drop_index(batch_op.f('ix_attachment_outbox_id'))
        batch_op.drop_index('ix_attachment_channel_event_id')
        batch_op.drop_index(batch_op.f('ix_attachment_address_id'))

    op.drop_table('attachment')
    op.drop_table('petition')
    op.drop_table('faq_draft')
    with op.batch_alter_table('case_topic', schema=None) as batch_op:
        batch_op.drop_index('ix_case_topic_thread')

    op.drop_table('case_topic')
    op.drop_table('case_seen')
    with op.batch_alter_table('case_note', schema=None) as batch_op:
        batch_op.drop_index('ix_case_note_case_id_id')

    op.drop_table('case_note')
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.drop_index('ix_case_event_case_id_id')

    op.drop_table('case_event')
    with op.batch_alter_table('support_case', schema=None) as batch_op:
        batch_op.drop_index('uq_support_case_address_id', sqlite_where=sa.text("status <> 'closed'"), postgresql_where=sa.text("status <> 'closed'"))
        batch_op.drop_index('ix_support_case_queue')
        batch_op.drop_index('ix_support_case_closed_at')
        batch_op.drop_index(batch_op.f('ix_support_case_claimed_by'))
        batch_op.drop_index('ix_support_case_address_id_id')

    op.drop_table('support_case')
    with op.batch_alter_table('staff_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_session_staff_id'))

    op.drop_table('staff_session')
    op.drop_table('staff_invite')
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_staff_id_id')

    op.drop_table('audit')
    op.drop_table('staff')
    op.drop_table('grid')
    op.drop_table('village')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_phone_key'))
        batch_op.drop_index(batch_op.f('ix_person_name_key'))

    op.drop_table('person')
    with op.batch_alter_table('station', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_station_parent_id'))

    op.drop_table('station')
    op.drop_table('township')
    op.drop_table('staff_group')
    op.drop_table('reply_target')
    op.drop_table('office_hours')
    op.drop_table('canned_reply')
    op.drop_table('calendar_day')
    op.drop_table('audit_head')
