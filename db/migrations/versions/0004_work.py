"""jobs and events."""

import sqlalchemy as sa
from alembic import op

from db.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_board",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_board")),
    )
    op.create_table(
        "township_neighbour",
        sa.Column("township_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("neighbour_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighbour_id"], ["township.id"], name=op.f("fk_township_neighbour_neighbour_id_township")
        ),
        sa.ForeignKeyConstraint(
            ["township_id"], ["township.id"], name=op.f("fk_township_neighbour_township_id_township")
        ),
        sa.PrimaryKeyConstraint("township_id", "neighbour_id", name=op.f("pk_township_neighbour")),
    )
    op.create_table(
        "employer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("credit_code", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("verified_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["verified_by"], ["staff.id"], name=op.f("fk_employer_verified_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer")),
        sa.UniqueConstraint("name", name=op.f("uq_employer_name")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closes_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("bring", sa.String(), nullable=False),
        sa.Column("materials", sa.String(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("taken", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("door_code", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("announced_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("moved_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("applicants", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("intentions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hired", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("attended", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('fair', 'adaptation', 'skill', 'degree', 'startup', 'lecture', 'memorial', 'other')",
            name=op.f("ck_event_kind"),
        ),
        sa.CheckConstraint("status IN ('draft', 'open', 'over', 'cancelled')", name=op.f("ck_event_status")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_event_ends_at")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_event_taken")),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_event_created_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_starts_at", ["starts_at"], unique=False)

    op.create_table(
        "event_employer",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("booth", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name=op.f("fk_event_employer_employer_id_employer")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_employer_event_id_event")),
        sa.PrimaryKeyConstraint("event_id", "employer_id", name=op.f("pk_event_employer")),
    )
    op.create_table(
        "event_sign_up",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("attended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("news", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reminded_for", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "news IN ('signed', 'moved_up', 'changed', 'dropped', 'cancelled')", name=op.f("ck_event_sign_up_news")
        ),
        sa.CheckConstraint("status IN ('active', 'waiting', 'cancelled')", name=op.f("ck_event_sign_up_status")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_event_sign_up_address_id_address")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_sign_up_event_id_event")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_event_sign_up_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_sign_up")),
        sa.UniqueConstraint("code", name=op.f("uq_event_sign_up_code")),
    )
    with op.batch_alter_table("event_sign_up", schema=None) as batch_op:
        batch_op.create_index("ix_event_sign_up_address_id", ["address_id"], unique=False)
        batch_op.create_index("ix_event_sign_up_event_id", ["event_id"], unique=False)
        batch_op.create_index(
            "ix_event_sign_up_news",
            ["id"],
            unique=False,
            sqlite_where=sa.text("news IS NOT NULL"),
            postgresql_where=sa.text("news IS NOT NULL"),
        )
        batch_op.create_index("ix_event_sign_up_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "ix_event_sign_up_waiting",
            ["event_id", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.create_index(
            "uq_event_sign_up_event_id_address_id",
            ["event_id", "address_id"],
            unique=True,
            sqlite_where=sa.text("status <> 'cancelled'"),
            postgresql_where=sa.text("status <> 'cancelled'"),
        )
        batch_op.create_index(
            "uq_event_sign_up_event_id_person_id",
            ["event_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("status <> 'cancelled'"),
            postgresql_where=sa.text("status <> 'cancelled'"),
        )

    op.create_table(
        "event_subscription",
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('fair', 'training', 'activity')", name=op.f("ck_event_subscription_kind")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_event_subscription_address_id_address")),
        sa.PrimaryKeyConstraint("address_id", "kind", name=op.f("pk_event_subscription")),
    )
    with op.batch_alter_table("event_subscription", schema=None) as batch_op:
        batch_op.create_index("ix_event_subscription_kind", ["kind", "address_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_ref", sa.String(), nullable=False),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("township_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("pay_from", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pay_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("shift", sa.String(), nullable=True),
        sa.Column("age_from", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("age_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("veterans_quota", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("places", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("likely_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("same_as", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_mark", sa.String(), nullable=True),
        sa.Column("matched_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("form IN ('full', 'part', 'temporary')", name=op.f("ck_job_form")),
        sa.CheckConstraint("shift IN ('day', 'night', 'rotating', 'flexible')", name=op.f("ck_job_shift")),
        sa.CheckConstraint("status IN ('review', 'open', 'closed')", name=op.f("ck_job_status")),
        sa.CheckConstraint("age_to >= age_from", name=op.f("ck_job_age")),
        sa.CheckConstraint("pay_from >= 0 AND pay_to >= pay_from", name=op.f("ck_job_pay")),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_job_created_by_staff")),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name=op.f("fk_job_employer_id_employer")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_job_event_id_event")),
        sa.ForeignKeyConstraint(["group_id"], ["job.id"], name=op.f("fk_job_group_id_job")),
        sa.ForeignKeyConstraint(["likely_of"], ["job.id"], name=op.f("fk_job_likely_of_job")),
        sa.ForeignKeyConstraint(["same_as"], ["job.id"], name=op.f("fk_job_same_as_job")),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_job_township_id_township")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("source", "source_ref", name=op.f("uq_job_source_source_ref")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_employer_id", ["employer_id"], unique=False)
        batch_op.create_index("ix_job_event_id", ["event_id"], unique=False)
        batch_op.create_index("ix_job_group_id", ["group_id"], unique=False)
        batch_op.create_index(
            "ix_job_likely_of",
            ["likely_of"],
            unique=False,
            sqlite_where=sa.text("likely_of IS NOT NULL"),
            postgresql_where=sa.text("likely_of IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_job_new",
            ["matched_to", "id"],
            unique=False,
            sqlite_where=sa.text("matched_to IS NOT NULL"),
            postgresql_where=sa.text("matched_to IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_job_open",
            ["closes_on", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "job_subscription",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("wish_key", sa.String(), nullable=False),
        sa.Column("cadence", sa.String(), nullable=False),
        sa.Column("hour", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weekday", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("next_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("warned_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cadence IN ('now', 'daily', 'weekly')", name=op.f("ck_job_subscription_cadence")),
        sa.CheckConstraint("status IN ('active', 'paused', 'ended')", name=op.f("ck_job_subscription_status")),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_job_subscription_hour")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_job_subscription_weekday")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_job_subscription_address_id_address")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_subscription")),
        sa.UniqueConstraint("address_id", "wish_key", name=op.f("uq_job_subscription_address_id_wish_key")),
    )
    with op.batch_alter_table("job_subscription", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_subscription_at_once",
            ["id"],
            unique=False,
            sqlite_where=sa.text("status = 'active' AND cadence = 'now'"),
            postgresql_where=sa.text("status = 'active' AND cadence = 'now'"),
        )
        batch_op.create_index(
            "ix_job_subscription_due",
            ["next_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'active'"),
            postgresql_where=sa.text("status = 'active'"),
        )
        batch_op.create_index(
            "ix_job_subscription_renewed_at",
            ["renewed_at", "id"],
            unique=False,
            sqlite_where=sa.text("status <> 'ended'"),
            postgresql_where=sa.text("status <> 'ended'"),
        )

    op.create_table(
        "job_feedback",
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fits", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_job_feedback_address_id_address")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_feedback_job_id_job")),
        sa.PrimaryKeyConstraint("address_id", "job_id", name=op.f("pk_job_feedback")),
    )
    op.create_table(
        "job_referral",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("next_ask_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("still_there", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "status IN ('new', 'introduced', 'hired', 'not_hired', 'withdrawn')", name=op.f("ck_job_referral_status")
        ),
        sa.CheckConstraint("asked BETWEEN 0 AND 2", name=op.f("ck_job_referral_asked")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_job_referral_address_id_address")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_job_referral_case_id_support_case")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_referral_job_id_job")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_job_referral_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_referral")),
        sa.UniqueConstraint("job_id", "address_id", name=op.f("uq_job_referral_job_id_address_id")),
    )
    with op.batch_alter_table("job_referral", schema=None) as batch_op:
        batch_op.create_index("ix_job_referral_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_job_referral_due", ["next_ask_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_referral_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_job_referral_status", ["status", "id"], unique=False)

    op.create_table(
        "job_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outcome IN ('false', 'fine')", name=op.f("ck_job_report_outcome")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_job_report_address_id_address")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_job_report_decided_by_staff")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_report_job_id_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_report")),
        sa.UniqueConstraint("job_id", "address_id", name=op.f("uq_job_report_job_id_address_id")),
    )
    op.create_table(
        "job_told",
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_job_told_address_id_address")),
        sa.ForeignKeyConstraint(["group_id"], ["job.id"], name=op.f("fk_job_told_group_id_job")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_told_job_id_job")),
        sa.PrimaryKeyConstraint("address_id", "group_id", name=op.f("pk_job_told")),
    )
    with op.batch_alter_table("job_told", schema=None) as batch_op:
        batch_op.create_index("ix_job_told_job_id", ["job_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("job_told", schema=None) as batch_op:
        batch_op.drop_index("ix_job_told_job_id")

    op.drop_table("job_told")
    op.drop_table("job_report")
    with op.batch_alter_table("job_referral", schema=None) as batch_op:
        batch_op.drop_index("ix_job_referral_status")
        batch_op.drop_index(batch_op.f("ix_job_referral_person_id"))
        batch_op.drop_index("ix_job_referral_due")
        batch_op.drop_index("ix_job_referral_created_at")

    op.drop_table("job_referral")
    op.drop_table("job_feedback")
    with op.batch_alter_table("job_subscription", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_job_subscription_renewed_at",
            sqlite_where=sa.text("status <> 'ended'"),
            postgresql_where=sa.text("status <> 'ended'"),
        )
        batch_op.drop_index(
            "ix_job_subscription_due",
            sqlite_where=sa.text("status = 'active'"),
            postgresql_where=sa.text("status = 'active'"),
        )
        batch_op.drop_index(
            "ix_job_subscription_at_once",
            sqlite_where=sa.text("status = 'active' AND cadence = 'now'"),
            postgresql_where=sa.text("status = 'active' AND cadence = 'now'"),
        )

    op.drop_table("job_subscription")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_job_open", sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'")
        )
        batch_op.drop_index(
            "ix_job_new",
            sqlite_where=sa.text("matched_to IS NOT NULL"),
            postgresql_where=sa.text("matched_to IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_job_likely_of",
            sqlite_where=sa.text("likely_of IS NOT NULL"),
            postgresql_where=sa.text("likely_of IS NOT NULL"),
        )
        batch_op.drop_index("ix_job_group_id")
        batch_op.drop_index("ix_job_event_id")
        batch_op.drop_index("ix_job_employer_id")

    op.drop_table("job")
    with op.batch_alter_table("event_subscription", schema=None) as batch_op:
        batch_op.drop_index("ix_event_subscription_kind")

    op.drop_table("event_subscription")
    with op.batch_alter_table("event_sign_up", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_event_sign_up_event_id_person_id",
            sqlite_where=sa.text("status <> 'cancelled'"),
            postgresql_where=sa.text("status <> 'cancelled'"),
        )
        batch_op.drop_index(
            "uq_event_sign_up_event_id_address_id",
            sqlite_where=sa.text("status <> 'cancelled'"),
            postgresql_where=sa.text("status <> 'cancelled'"),
        )
        batch_op.drop_index(
            "ix_event_sign_up_waiting",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index("ix_event_sign_up_person_id")
        batch_op.drop_index(
            "ix_event_sign_up_news",
            sqlite_where=sa.text("news IS NOT NULL"),
            postgresql_where=sa.text("news IS NOT NULL"),
        )
        batch_op.drop_index("ix_event_sign_up_event_id")
        batch_op.drop_index("ix_event_sign_up_address_id")

    op.drop_table("event_sign_up")
    op.drop_table("event_employer")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_starts_at")

    op.drop_table("event")
    op.drop_table("employer")
    op.drop_table("township_neighbour")
    op.drop_table("job_board")
