"""bookings."""

import sqlalchemy as sa
from alembic import op

from db.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("bring", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=True),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_service_capacity")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_service_minutes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("name", name=op.f("uq_service_name")),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("taken", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_slot_ends_at")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_slot_taken")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_slot_service_id_service")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_slot_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint(
            "station_id", "service_id", "starts_at", name=op.f("uq_slot_station_id_service_id_starts_at")
        ),
    )
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.create_index("ix_slot_service_id_starts_at", ["service_id", "starts_at"], unique=False)

    op.create_table(
        "station_service",
        sa.Column("station_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_station_service_capacity")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_station_service_minutes")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_station_service_service_id_service")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_station_service_station_id_station")),
        sa.PrimaryKeyConstraint("station_id", "service_id", name=op.f("pk_station_service")),
    )
    with op.batch_alter_table("station_service", schema=None) as batch_op:
        batch_op.create_index("ix_station_service_service_id", ["service_id"], unique=False)

    op.create_table(
        "station_closure",
        sa.Column("station_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_station_closure_staff_id_staff")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_station_closure_station_id_station")),
        sa.PrimaryKeyConstraint("station_id", "day", name=op.f("pk_station_closure")),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("slot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("who_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("remind_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("changed_staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("untold_slot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("late_minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "status IN ('booked', 'came', 'no_show', 'over', 'cancelled')", name=op.f("ck_booking_status")
        ),
        sa.CheckConstraint("late_minutes BETWEEN 0 AND 600", name=op.f("ck_booking_late_minutes")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_booking_address_id_address")),
        sa.ForeignKeyConstraint(["changed_staff_id"], ["staff.id"], name=op.f("fk_booking_changed_staff_id_staff")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_booking_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_booking_service_id_service")),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_booking_slot_id_slot")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_booking_staff_id_staff")),
        sa.ForeignKeyConstraint(["untold_slot_id"], ["slot.id"], name=op.f("fk_booking_untold_slot_id_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("code", name=op.f("uq_booking_code")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index("ix_booking_address_id", ["address_id"], unique=False)
        batch_op.create_index("ix_booking_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "ix_booking_remind_at",
            ["remind_at"],
            unique=False,
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.create_index("ix_booking_slot_id", ["slot_id"], unique=False)
        batch_op.create_index(
            "ix_booking_untold_slot_id",
            ["untold_slot_id"],
            unique=False,
            sqlite_where=sa.text("untold_slot_id IS NOT NULL"),
            postgresql_where=sa.text("untold_slot_id IS NOT NULL"),
        )
        batch_op.create_index("ix_booking_who_key", ["who_key"], unique=False)
        batch_op.create_index(
            "uq_booking_service_id_who_key",
            ["service_id", "who_key"],
            unique=True,
            sqlite_where=sa.text("status = 'booked'"),
            postgresql_where=sa.text("status = 'booked'"),
        )
        batch_op.create_index(
            "uq_booking_slot_id_person_id",
            ["slot_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("status = 'booked'"),
            postgresql_where=sa.text("status = 'booked'"),
        )

    op.create_table(
        "sent_place",
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_sent_place_address_id_address")),
        sa.PrimaryKeyConstraint("address_id", name=op.f("pk_sent_place")),
    )
    with op.batch_alter_table("sent_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_place_at"), ["at"], unique=False)

    op.create_table(
        "waiting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("half", sa.String(), nullable=False),
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("who_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("slot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offer_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("news", sa.String(), nullable=True),
        sa.Column("by_phone", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'offered') = (slot_id IS NOT NULL)", name=op.f("ck_waiting_offered")),
        sa.CheckConstraint("half IN ('am', 'pm', 'any')", name=op.f("ck_waiting_half")),
        sa.CheckConstraint("news IN ('offered', 'passed', 'closed', 'ended')", name=op.f("ck_waiting_news")),
        sa.CheckConstraint(
            "status IN ('waiting', 'offered', 'taken', 'passed', 'left')", name=op.f("ck_waiting_status")
        ),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_waiting_address_id_address")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_waiting_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_waiting_service_id_service")),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_waiting_slot_id_slot")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_waiting_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
    )
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.create_index("ix_waiting_address_id", ["address_id"], unique=False)
        batch_op.create_index(
            "ix_waiting_line",
            ["station_id", "service_id", "day", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('waiting', 'offered')"),
            postgresql_where=sa.text("status IN ('waiting', 'offered')"),
        )
        batch_op.create_index(
            "ix_waiting_news",
            ["id"],
            unique=False,
            sqlite_where=sa.text("news IS NOT NULL"),
            postgresql_where=sa.text("news IS NOT NULL"),
        )
        batch_op.create_index("ix_waiting_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_waiting_slot_id", ["slot_id"], unique=False)
        batch_op.create_index(
            "uq_waiting_service_id_who_key",
            ["service_id", "who_key"],
            unique=True,
            sqlite_where=sa.text("status IN ('waiting', 'offered')"),
            postgresql_where=sa.text("status IN ('waiting', 'offered')"),
        )

    op.create_table(
        "ticket",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("booking_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("turn_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("window", sa.String(), nullable=True),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("came_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("called_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("letter IN ('A', 'B')", name=op.f("ck_ticket_letter")),
        sa.CheckConstraint("status IN ('waiting', 'called', 'done', 'gone')", name=op.f("ck_ticket_status")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_ticket_booking_id_booking")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_ticket_service_id_service")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ticket_staff_id_staff")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_ticket_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_ticket_booking_id")),
        sa.UniqueConstraint(
            "station_id", "day", "letter", "number", name=op.f("uq_ticket_station_id_day_letter_number")
        ),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(
            "uq_ticket_station_id_day_window",
            ["station_id", "day", "window"],
            unique=True,
            sqlite_where=sa.text("status = 'called'"),
            postgresql_where=sa.text("status = 'called'"),
        )

    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.add_column(sa.Column("latitude", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("longitude", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("stars", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("week", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(
            sa.Column("notice_minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("horizon_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.drop_column("closed_on")
        batch_op.drop_column("horizon_days")
        batch_op.drop_column("notice_minutes")
        batch_op.drop_column("week")
        batch_op.drop_column("stars")
        batch_op.drop_column("longitude")
        batch_op.drop_column("latitude")

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ticket_station_id_day_window",
            sqlite_where=sa.text("status = 'called'"),
            postgresql_where=sa.text("status = 'called'"),
        )

    op.drop_table("ticket")
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_waiting_service_id_who_key",
            sqlite_where=sa.text("status IN ('waiting', 'offered')"),
            postgresql_where=sa.text("status IN ('waiting', 'offered')"),
        )
        batch_op.drop_index("ix_waiting_slot_id")
        batch_op.drop_index("ix_waiting_person_id")
        batch_op.drop_index(
            "ix_waiting_news", sqlite_where=sa.text("news IS NOT NULL"), postgresql_where=sa.text("news IS NOT NULL")
        )
        batch_op.drop_index(
            "ix_waiting_line",
            sqlite_where=sa.text("status IN ('waiting', 'offered')"),
            postgresql_where=sa.text("status IN ('waiting', 'offered')"),
        )
        batch_op.drop_index("ix_waiting_address_id")

    op.drop_table("waiting")
    with op.batch_alter_table("sent_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sent_place_at"))

    op.drop_table("sent_place")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_booking_slot_id_person_id",
            sqlite_where=sa.text("status = 'booked'"),
            postgresql_where=sa.text("status = 'booked'"),
        )
        batch_op.drop_index(
            "uq_booking_service_id_who_key",
            sqlite_where=sa.text("status = 'booked'"),
            postgresql_where=sa.text("status = 'booked'"),
        )
        batch_op.drop_index("ix_booking_who_key")
        batch_op.drop_index(
            "ix_booking_untold_slot_id",
            sqlite_where=sa.text("untold_slot_id IS NOT NULL"),
            postgresql_where=sa.text("untold_slot_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_booking_slot_id")
        batch_op.drop_index(
            "ix_booking_remind_at",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_booking_person_id")
        batch_op.drop_index("ix_booking_address_id")

    op.drop_table("booking")
    op.drop_table("station_closure")
    with op.batch_alter_table("station_service", schema=None) as batch_op:
        batch_op.drop_index("ix_station_service_service_id")

    op.drop_table("station_service")
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.drop_index("ix_slot_service_id_starts_at")

    op.drop_table("slot")
    op.drop_table("service")
