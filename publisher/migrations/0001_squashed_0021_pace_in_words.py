"""The tables as 0021 leaves them, made at once: a new newsroom starts in half the time.

The migrations that this one replaces stay for newsrooms that have some of them; they also fill in old rows.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import publisher.enums
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("publisher", "0001_initial"),
        ("publisher", "0002_the_way_in"),
        ("publisher", "0003_fetch_pace"),
        ("publisher", "0004_correct_post_edits"),
        ("publisher", "0005_intake_one_document"),
        ("publisher", "0006_eyes_roles"),
        ("publisher", "0007_notify_people"),
        ("publisher", "0008_audit_chain"),
        ("publisher", "0009_eyes_four_eyes"),
        ("publisher", "0010_eyes_embargo"),
        ("publisher", "0011_eyes_periods"),
        ("publisher", "0012_pace"),
        ("publisher", "0013_sessions_end"),
        ("publisher", "0014_audit_seals"),
        ("publisher", "0015_people_holds"),
        ("publisher", "0016_people_comments"),
        ("publisher", "0017_identities"),
        ("publisher", "0018_visits_no_last_new"),
        ("publisher", "0019_people_history"),
        ("publisher", "0020_rules_that_tell"),
        ("publisher", "0021_pace_in_words"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Host",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=253, unique=True)),
                ("held_until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="NoticeAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True)),
                ("sealed", models.TextField()),
                ("service", models.CharField(max_length=80)),
                ("kinds", models.JSONField(default=list)),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True)),
                ("offices", models.JSONField(blank=True, default=list)),
                ("handles", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "verbose_name_plural": "people",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "administrator"),
                            ("approver", "approver"),
                            ("editor", "editor"),
                            ("viewer", "viewer"),
                        ],
                        default="editor",
                        max_length=24,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("issuer", models.CharField(blank=True, default="", max_length=200)),
                ("subject", models.CharField(blank=True, default="", max_length=255)),
                ("sessions_ended", models.PositiveIntegerField(default=0)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["administrator", "approver", "editor", "viewer"])),
                        name="user_role_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("subject", ""), _negated=True),
                        fields=("issuer", "subject"),
                        name="user_once_per_identity",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Actor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=254)),
                ("salt", models.CharField(blank=True, max_length=64)),
                ("mark", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("name", ""), _negated=True), fields=("name",), name="actor_named_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=24)),
                ("name", models.CharField(max_length=200)),
                ("language", models.CharField(blank=True, max_length=12)),
                ("credentials", models.TextField()),
                ("described", models.CharField(blank=True, max_length=64)),
                ("account", models.JSONField(default=dict)),
                ("active", models.BooleanField(default=True)),
                (
                    "health",
                    models.CharField(
                        choices=[("unknown", "unknown"), ("ok", "ok"), ("blocked", "blocked")],
                        default="unknown",
                        max_length=24,
                    ),
                ),
                ("problem", models.TextField(blank=True)),
                ("diagnostic", models.TextField(blank=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("four_eyes", models.BooleanField(default=True)),
                ("approvals", models.PositiveSmallIntegerField(default=1)),
                ("approvals_by_kind", models.JSONField(blank=True, default=dict)),
                ("spacing", models.PositiveSmallIntegerField(default=0)),
                ("daily_cap", models.PositiveSmallIntegerField(default=0)),
                ("slots", models.JSONField(blank=True, default=dict)),
                ("spend_cap", models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                (
                    "late",
                    models.CharField(
                        choices=[("ask", "ask"), ("expire", "expire"), ("send", "send")], default="ask", max_length=24
                    ),
                ),
                ("late_by_kind", models.JSONField(blank=True, default=dict)),
                ("sample", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["network", "name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("health__in", ["unknown", "ok", "blocked"])), name="channel_health_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("late__in", ["ask", "expire", "send"])), name="channel_late_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approvals__in", [1, 2])), name="channel_approvals_one_or_two"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cause", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("failed", "failed"),
                            ("uncertain", "uncertain"),
                            ("expired", "expired"),
                            ("blocked", "blocked"),
                            ("spend", "spend"),
                            ("unreachable", "unreachable"),
                            ("expiring", "expiring"),
                            ("silence", "silence"),
                            ("waiting", "waiting"),
                            ("gap", "gap"),
                            ("mass_change", "mass change"),
                            ("layout", "layout"),
                            ("moved", "moved"),
                            ("correction", "correction"),
                            ("vanished", "vanished"),
                            ("alarm", "alarm"),
                            ("emergency", "emergency"),
                            ("personal", "personal"),
                            ("anchor", "anchor"),
                            ("digest", "digest"),
                            ("test", "test"),
                        ],
                        default="",
                        max_length=24,
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("params", models.JSONField(default=dict)),
                ("subject", models.CharField(max_length=300)),
                ("about", models.CharField(blank=True, max_length=80)),
                ("link", models.CharField(blank=True, max_length=200)),
                ("people", models.JSONField(default=list)),
                ("raised_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("spread_at", models.DateTimeField(blank=True, null=True)),
                ("over_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-raised_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("spread_at__isnull", True)), fields=["due_at"], name="notice_to_spread"
                    ),
                    models.Index(fields=["-raised_at", "-id"], name="notice_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "failed",
                                    "uncertain",
                                    "expired",
                                    "blocked",
                                    "spend",
                                    "unreachable",
                                    "expiring",
                                    "silence",
                                    "waiting",
                                    "gap",
                                    "mass_change",
                                    "layout",
                                    "moved",
                                    "correction",
                                    "vanished",
                                    "alarm",
                                    "emergency",
                                    "personal",
                                    "anchor",
                                    "digest",
                                    "test",
                                ],
                            )
                        ),
                        name="notice_kind_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("over_at__isnull", True)), fields=("cause",), name="notice_once_per_cause"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^[a-z0-9][a-z0-9-]*\\Z")],
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "colour",
                    models.CharField(
                        default="#2b5fa8",
                        max_length=7,
                        validators=[django.core.validators.RegexValidator("^#[0-9a-f]{6}\\Z")],
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "failure",
                    models.CharField(
                        choices=[
                            ("none", "works"),
                            ("refused", "refuses the text"),
                            ("rate_limited", "asks to wait"),
                            ("server_error_before", "out of order, nothing stored"),
                            ("server_error_after", "out of order, though the post is stored"),
                            ("lost_answer", "stores the post, then breaks the connection"),
                            ("html_page", "stores the post, then answers with a page of a proxy"),
                            ("empty_answer", "stores the post, then answers with nothing"),
                            ("bad_token", "no longer knows the token"),
                            ("suspended", "has suspended the account"),
                            ("slow", "stores the post, answers too late"),
                            ("processing", "works on the post for a while"),
                        ],
                        default="none",
                        max_length=24,
                    ),
                ),
                ("delay", models.PositiveSmallIntegerField(default=25)),
                ("rate_limit", models.PositiveIntegerField(default=60)),
                ("sample", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["handle"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "failure__in",
                                [
                                    "none",
                                    "refused",
                                    "rate_limited",
                                    "server_error_before",
                                    "server_error_after",
                                    "lost_answer",
                                    "html_page",
                                    "empty_answer",
                                    "bad_token",
                                    "suspended",
                                    "slow",
                                    "processing",
                                ],
                            )
                        ),
                        name="sandbox_account_failure_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(max_length=254)),
                ("address", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["email", "at"], name="sign_in_failure_email"),
                    models.Index(fields=["address", "at"], name="sign_in_failure_address"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("feed", "feed"),
                            ("press_corner", "press corner"),
                            ("listing", "listing"),
                            ("sitemap", "sitemap"),
                            ("calendar", "calendar"),
                        ],
                        default="feed",
                        max_length=24,
                    ),
                ),
                ("url", models.URLField(max_length=2000, unique=True)),
                ("host", models.CharField(blank=True, max_length=253)),
                ("language", models.CharField(blank=True, max_length=12)),
                ("recipe", models.JSONField(blank=True, default=dict)),
                ("read_pages", models.BooleanField(default=True)),
                ("active", models.BooleanField(default=True)),
                ("interval", models.PositiveIntegerField(default=0)),
                ("queue_newest", models.PositiveSmallIntegerField(default=0)),
                ("etag", models.TextField(blank=True)),
                ("last_modified", models.TextField(blank=True)),
                ("body_hash", models.CharField(blank=True, max_length=64)),
                ("answered_from", models.URLField(blank=True, max_length=2000)),
                ("patience", models.PositiveIntegerField(default=0)),
                ("hint", models.PositiveIntegerField(default=0)),
                ("items", models.JSONField(blank=True, default=list)),
                ("next_check_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_checked_at", models.DateTimeField(blank=True, null=True)),
                ("last_success_at", models.DateTimeField(blank=True, null=True)),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                ("per_week", models.FloatField(blank=True, null=True)),
                ("baseline_at", models.DateTimeField(blank=True, null=True)),
                ("moves_to", models.URLField(blank=True, max_length=2000)),
                ("moving_since", models.DateTimeField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("ok", "ok"),
                            ("not_modified", "not modified"),
                            ("blocked", "blocked"),
                            ("gone", "gone"),
                            ("malformed", "malformed"),
                            ("oversize", "oversize"),
                            ("rate_limited", "rate limited"),
                            ("unreachable", "unreachable"),
                            ("error", "error"),
                        ],
                        default="new",
                        max_length=24,
                    ),
                ),
                ("problem", models.TextField(blank=True)),
                ("diagnostic", models.TextField(blank=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("sample", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["name", "id"],
                "indexes": [
                    models.Index(condition=models.Q(("active", True)), fields=["next_check_at"], name="source_due"),
                    models.Index(fields=["host"], name="source_host"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "new",
                                    "ok",
                                    "not_modified",
                                    "blocked",
                                    "gone",
                                    "malformed",
                                    "oversize",
                                    "rate_limited",
                                    "unreachable",
                                    "error",
                                ],
                            )
                        ),
                        name="source_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["feed", "press_corner", "listing", "sitemap", "calendar"])),
                        name="source_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("speech", "speech"),
                            ("statement", "statement"),
                            ("press_release", "press release"),
                            ("remarks", "remarks"),
                            ("readout", "readout"),
                            ("questions_and_answers", "questions and answers"),
                            ("news", "news"),
                            ("factsheet", "factsheet"),
                            ("daily_news", "daily news"),
                            ("event", "event"),
                            ("other", "other"),
                        ],
                        default="other",
                        max_length=24,
                    ),
                ),
                ("title", models.TextField()),
                ("plain_title", models.CharField(blank=True, max_length=200)),
                ("lead", models.TextField(blank=True)),
                ("url", models.URLField(max_length=2000)),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("language", models.CharField(blank=True, max_length=12)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "precision",
                    models.CharField(
                        choices=[("instant", "instant"), ("day", "day")], default="instant", max_length=24
                    ),
                ),
                ("embargo_until", models.DateTimeField(blank=True, null=True)),
                ("embargo_lifted", models.DateTimeField(blank=True, null=True)),
                ("first_seen_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("baseline", models.BooleanField(default=False)),
                ("drafted_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.TextField(blank=True)),
                ("recheck_at", models.DateTimeField(blank=True, null=True)),
                ("rechecks", models.PositiveSmallIntegerField(default=0)),
                ("page_etag", models.TextField(blank=True)),
                ("page_last_modified", models.TextField(blank=True)),
                ("vanished_at", models.DateTimeField(blank=True, null=True)),
                ("sample", models.BooleanField(default=False)),
                ("speakers", models.ManyToManyField(blank=True, related_name="documents", to="publisher.person")),
                (
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="documents",
                        to="publisher.source",
                    ),
                ),
            ],
            options={
                "ordering": ["-first_seen_at", "-id"],
                "indexes": [
                    models.Index(fields=["-first_seen_at", "-id"], name="document_newest"),
                    models.Index(fields=["source", "-first_seen_at", "-id"], name="document_newest_of_source"),
                    models.Index(
                        condition=models.Q(("problem", ""), _negated=True), fields=["id"], name="document_troubled"
                    ),
                    models.Index(fields=["plain_title", "first_seen_at"], name="document_same_title"),
                    models.Index(
                        condition=models.Q(("baseline", False), ("drafted_at__isnull", True)),
                        fields=["first_seen_at"],
                        name="document_undrafted",
                    ),
                    models.Index(
                        condition=models.Q(("recheck_at__isnull", False)),
                        fields=["recheck_at"],
                        name="document_recheck_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "speech",
                                    "statement",
                                    "press_release",
                                    "remarks",
                                    "readout",
                                    "questions_and_answers",
                                    "news",
                                    "factsheet",
                                    "daily_news",
                                    "event",
                                    "other",
                                ],
                            )
                        ),
                        name="document_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("subject", models.CharField(max_length=24)),
                ("subject_id", models.BigIntegerField()),
                ("verb", models.CharField(max_length=40)),
                ("before", models.CharField(blank=True, max_length=24)),
                ("after", models.CharField(blank=True, max_length=24)),
                ("reason", models.TextField(blank=True)),
                ("data", models.JSONField(default=dict)),
                ("channel_id", models.BigIntegerField(null=True)),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="publisher.actor",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["subject", "subject_id", "id"], name="event_of_subject"),
                    models.Index(fields=["subject", "-id"], name="event_newest_of_kind"),
                    models.Index(fields=["at"], name="event_at"),
                    models.Index(fields=["by", "-id"], name="event_by"),
                    models.Index(
                        condition=models.Q(("channel_id__isnull", False)),
                        fields=["channel_id", "-id"],
                        name="event_of_channel",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("previous_hash",), name="event_chain_never_forks")],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "administrator"),
                            ("approver", "approver"),
                            ("editor", "editor"),
                            ("viewer", "viewer"),
                        ],
                        default="editor",
                        max_length=24,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="publisher.channel"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["channel__network", "channel__name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["administrator", "approver", "editor", "viewer"])),
                        name="grant_role_known",
                    ),
                    models.UniqueConstraint(fields=("user", "channel"), name="grant_once_per_channel"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "administrator"),
                            ("approver", "approver"),
                            ("editor", "editor"),
                            ("viewer", "viewer"),
                        ],
                        default="editor",
                        max_length=24,
                    ),
                ),
                ("invited_by", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="NoticeWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kinds", models.JSONField(default=dict)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_wish",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=24)),
                ("subject_id", models.BigIntegerField()),
                ("data", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("ends_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.CharField(blank=True, max_length=200)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("done", "done"), ("dropped", "dropped"), ("expired", "expired")],
                        default="",
                        max_length=24,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proposals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["done", "dropped", "expired", ""])),
                        name="proposal_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("outcome", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="proposal_closed_with_outcome",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("act", "subject", "subject_id"),
                        name="proposal_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("position", models.PositiveIntegerField(default=100)),
                ("kinds", models.JSONField(blank=True, default=list)),
                ("languages", models.JSONField(blank=True, default=list)),
                ("people", models.JSONField(blank=True, default=list)),
                ("topics", models.JSONField(blank=True, default=list)),
                ("words", models.JSONField(blank=True, default=list)),
                ("not_words", models.JSONField(blank=True, default=list)),
                ("weekdays", models.JSONField(blank=True, default=list)),
                ("starts", models.TimeField(blank=True, null=True)),
                ("ends", models.TimeField(blank=True, null=True)),
                (
                    "mode",
                    models.CharField(
                        choices=[("review", "review"), ("automatic", "automatic"), ("ignore", "ignore")],
                        default="review",
                        max_length=24,
                    ),
                ),
                ("cool_off", models.PositiveIntegerField(default=0)),
                ("per_hour", models.PositiveIntegerField(default=0)),
                ("use_slots", models.BooleanField(default=False)),
                ("template", models.CharField(blank=True, max_length=100)),
                ("hashtags", models.JSONField(blank=True, default=list)),
                ("confirmed_hash", models.CharField(blank=True, max_length=64)),
                ("confirmed_by", models.CharField(blank=True, max_length=200)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("active", models.BooleanField(default=True)),
                ("sample", models.BooleanField(default=False)),
                ("channels", models.ManyToManyField(blank=True, related_name="rules", to="publisher.channel")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="rules",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sources", models.ManyToManyField(blank=True, related_name="rules", to="publisher.source")),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["review", "automatic", "ignore"])), name="rule_mode_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(blank=True, max_length=120)),
                ("body_hash", models.CharField(max_length=64)),
                ("text", models.TextField(blank=True)),
                ("text_hash", models.CharField(max_length=64)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("card", models.JSONField(blank=True, null=True)),
                ("looks_left", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="publisher.sandboxaccount"
                    ),
                ),
                (
                    "reply_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replies",
                        to="publisher.sandboxpost",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="thread",
                        to="publisher.sandboxpost",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["account", "-created_at", "-id"], name="sandbox_post_newest"),
                    models.Index(
                        condition=models.Q(("root", None)),
                        fields=["account", "-created_at", "-id"],
                        name="sandbox_post_newest_root",
                    ),
                    models.Index(fields=["account", "text_hash", "-created_at"], name="sandbox_post_duplicate"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("account", "key"),
                        name="sandbox_post_once_per_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SensitivePeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("kinds", models.JSONField(blank=True, default=list)),
                ("words", models.JSONField(blank=True, default=list)),
                ("set_by", models.CharField(max_length=200)),
                ("set_at", models.DateTimeField(auto_now_add=True)),
                ("channels", models.ManyToManyField(blank=True, related_name="periods", to="publisher.channel")),
            ],
            options={
                "ordering": ["starts_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gte", models.F("starts_at"))), name="period_ends_after_it_starts"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hub", models.URLField(max_length=2000)),
                ("topic", models.URLField(max_length=2000)),
                ("token", models.CharField(max_length=64, unique=True)),
                ("secret", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "asked"), ("active", "active"), ("denied", "denied"), ("ended", "ended")],
                        default="asked",
                        max_length=24,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("pushed_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.TextField(blank=True)),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="subscription", to="publisher.source"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["lease_until"], name="subscription_lease")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "active", "denied", "ended"])),
                        name="subscription_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("next_at", models.DateTimeField()),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(blank=True)),
                ("diagnostic", models.TextField(blank=True)),
                (
                    "address",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tellings",
                        to="publisher.noticeaddress",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tellings", to="publisher.notice"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tellings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_up_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["next_at"],
                        name="telling_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("user__isnull", True), ("address__isnull", True), _connector="XOR"),
                        name="telling_has_one_end",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("notice", "user"),
                        name="telling_once_to_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("address__isnull", False)),
                        fields=("notice", "address"),
                        name="telling_once_to_a_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("everything", "everything"),
                            ("channel", "channel"),
                            ("document", "document"),
                            ("topic", "topic"),
                            ("period", "period"),
                        ],
                        default="everything",
                        max_length=24,
                    ),
                ),
                ("words", models.JSONField(blank=True, default=list)),
                ("channel_ids", models.JSONField(blank=True, default=list)),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                ("set_by", models.CharField(max_length=200)),
                ("set_at", models.DateTimeField(auto_now_add=True)),
                ("lifted_by", models.CharField(blank=True, max_length=200)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="publisher.channel",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="publisher.document",
                    ),
                ),
            ],
            options={
                "ordering": ["-set_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("lifted_at__isnull", True)), fields=["scope"], name="hold_standing"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["everything", "channel", "document", "topic", "period"])),
                        name="hold_scope_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ends_at__isnull", True),
                                ("starts_at__isnull", True),
                                ("channel__isnull", False),
                                ("document__isnull", True),
                                ("scope", publisher.enums.HoldScope["CHANNEL"]),
                            ),
                            models.Q(
                                ("ends_at__isnull", True),
                                ("starts_at__isnull", True),
                                ("channel__isnull", True),
                                ("document__isnull", False),
                                ("scope", publisher.enums.HoldScope["DOCUMENT"]),
                            ),
                            models.Q(
                                ("ends_at__isnull", True),
                                ("starts_at__isnull", True),
                                ("channel__isnull", True),
                                ("document__isnull", True),
                                ("scope", publisher.enums.HoldScope["EVERYTHING"]),
                            ),
                            models.Q(
                                ("channel__isnull", True),
                                ("document__isnull", True),
                                ("scope", publisher.enums.HoldScope["TOPIC"]),
                            ),
                            models.Q(
                                ("channel__isnull", True),
                                ("document__isnull", True),
                                ("ends_at__isnull", False),
                                ("scope", publisher.enums.HoldScope["PERIOD"]),
                            ),
                            _connector="OR",
                        ),
                        name="hold_names_what_its_scope_says",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_at__isnull", True),
                            ("ends_at__isnull", True),
                            ("ends_at__gt", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="hold_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=2100, unique=True)),
                ("seen_at", models.DateTimeField(auto_now_add=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="identities", to="publisher.document"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SandboxImage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1)),
                ("data", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("type", models.CharField(max_length=40)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("alt", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="images",
                        to="publisher.sandboxaccount",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="images",
                        to="publisher.sandboxpost",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("post", None)),
                        fields=["account", "created_at"],
                        name="sandbox_image_orphan",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(blank=True, max_length=12)),
                ("url", models.URLField(blank=True, max_length=2000)),
                ("hash", models.CharField(max_length=64)),
                ("first_seen_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sightings", to="publisher.document"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sightings", to="publisher.source"
                    ),
                ),
            ],
            options={
                "ordering": ["first_seen_at", "id"],
                "indexes": [models.Index(fields=["source", "-first_seen_at"], name="sighting_newest_of_source")],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "source", "language"), name="sighting_once_per_source")
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("silence", "silence"),
                            ("waiting", "waiting"),
                            ("gap", "gap"),
                            ("mass_change", "mass change"),
                            ("layout", "layout"),
                            ("moved", "moved"),
                            ("correction", "correction"),
                            ("vanished", "vanished"),
                        ],
                        default="",
                        max_length=24,
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("params", models.JSONField(default=dict)),
                ("data", models.JSONField(default=dict)),
                ("raised_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.CharField(blank=True, max_length=200)),
                ("outcome", models.TextField(blank=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarms",
                        to="publisher.document",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarms",
                        to="publisher.source",
                    ),
                ),
            ],
            options={
                "ordering": ["-raised_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)), fields=["-raised_at", "-id"], name="alarm_open"
                    ),
                    models.Index(fields=["-raised_at", "-id"], name="alarm_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "silence",
                                    "waiting",
                                    "gap",
                                    "mass_change",
                                    "layout",
                                    "moved",
                                    "correction",
                                    "vanished",
                                ],
                            )
                        ),
                        name="alarm_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__isnull", False), ("document__isnull", False), _connector="OR"),
                        name="alarm_has_subject",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True), ("document__isnull", True)),
                        fields=("kind", "source"),
                        name="alarm_open_once_for_source",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True), ("document__isnull", False)),
                        fields=("kind", "document"),
                        name="alarm_open_once_for_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("language", models.CharField(blank=True, max_length=12)),
                ("hash", models.CharField(max_length=64)),
                ("entry", models.JSONField()),
                ("fetched_at", models.DateTimeField()),
                ("fetched_from", models.URLField(blank=True, max_length=2000)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="publisher.document"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("document", "number"), name="version_number_once")],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "origin",
                    models.CharField(choices=[("rule", "rule"), ("person", "person")], default="rule", max_length=24),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("review", "review"),
                            ("rejected", "rejected"),
                            ("scheduled", "scheduled"),
                            ("sending", "sending"),
                            ("processing", "processing"),
                            ("uncertain", "uncertain"),
                            ("published", "published"),
                            ("failed", "failed"),
                            ("expired", "expired"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=24,
                    ),
                ),
                ("round", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("not_before", models.DateTimeField(blank=True, null=True)),
                (
                    "pace",
                    models.CharField(
                        blank=True,
                        choices=[("waits", "waits"), ("asks", "asks"), ("anyway", "anyway")],
                        default="",
                        max_length=24,
                    ),
                ),
                ("counts_down", models.BooleanField(default=False)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("url", models.URLField(blank=True, max_length=2000)),
                ("claimed_by", models.CharField(blank=True, max_length=64)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("comment_count", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("reason", models.TextField(blank=True)),
                ("diagnostic", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assigned",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="publisher.channel"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="publisher.document"
                    ),
                ),
                (
                    "edits",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="edited_by",
                        to="publisher.post",
                    ),
                ),
                (
                    "reply_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replies",
                        to="publisher.post",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="posts",
                        to="publisher.rule",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", publisher.enums.PostState["SCHEDULED"])),
                        fields=["due_at"],
                        name="post_due",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    publisher.enums.PostState["SENDING"],
                                    publisher.enums.PostState["PROCESSING"],
                                    publisher.enums.PostState["UNCERTAIN"],
                                ],
                            )
                        ),
                        fields=["claimed_until"],
                        name="post_in_flight",
                    ),
                    models.Index(
                        condition=models.Q(("state", publisher.enums.PostState["REVIEW"])),
                        fields=["assigned_to"],
                        name="post_assigned",
                    ),
                    models.Index(
                        condition=models.Q(("counts_down", True)), fields=["document"], name="post_counting_down"
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False), ("rule__isnull", False)),
                        fields=["rule", "due_at"],
                        name="post_due_by_rule",
                    ),
                    models.Index(fields=["state", "-changed_at", "-id"], name="post_by_state"),
                    models.Index(fields=["-changed_at", "-id"], name="post_newest_change"),
                    models.Index(
                        condition=models.Q(("published_at__isnull", False)),
                        fields=["channel", "-published_at"],
                        name="post_published_on_channel",
                    ),
                    models.Index(
                        condition=models.Q(("published_at__isnull", False)),
                        fields=["-published_at"],
                        name="post_published",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "review",
                                    "rejected",
                                    "scheduled",
                                    "sending",
                                    "processing",
                                    "uncertain",
                                    "published",
                                    "failed",
                                    "expired",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="post_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pace__in", ["waits", "asks", "anyway", ""])), name="post_pace_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at__isnull", False),
                                (
                                    "state__in",
                                    [publisher.enums.PostState["PUBLISHED"], publisher.enums.PostState["WITHDRAWN"]],
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        [
                                            publisher.enums.PostState["PUBLISHED"],
                                            publisher.enums.PostState["WITHDRAWN"],
                                        ],
                                    ),
                                    _negated=True,
                                ),
                                ("published_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="post_published_at_when_published",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", publisher.enums.PostState["SCHEDULED"]), _negated=True),
                            ("due_at__isnull", False),
                            _connector="OR",
                        ),
                        name="post_scheduled_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", publisher.enums.PostState["SENDING"]), _negated=True),
                            models.Q(models.Q(("claimed_by", ""), _negated=True), ("claimed_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="post_sending_has_worker",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("origin", publisher.enums.Origin["RULE"])),
                        fields=("document", "channel"),
                        name="post_once_by_rule",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(db_index=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="present", to="publisher.document"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="publisher.post"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="present", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("document", "user"), name="presence_once_per_document")
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("parts", models.JSONField()),
                ("language", models.CharField(blank=True, max_length=12)),
                ("template", models.CharField(blank=True, max_length=200)),
                ("template_hash", models.CharField(blank=True, max_length=64)),
                ("issues", models.JSONField(default=list)),
                ("hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="publisher.post"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="publisher.version",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("post", "number"), name="revision_number_once")],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=64)),
                ("by", models.CharField(max_length=200)),
                ("round", models.PositiveIntegerField(default=0)),
                ("not_before", models.DateTimeField(blank=True, null=True)),
                ("signature", models.CharField(blank=True, max_length=64)),
                ("alone", models.BooleanField(default=False)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="approvals", to="publisher.revision"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asks", models.BooleanField(default=False)),
                ("text", models.TextField()),
                ("by", models.CharField(max_length=200)),
                ("told", models.JSONField(default=list)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="publisher.post"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="publisher.revision"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by", "")),
                            models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="comment_withdrawn_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.PositiveSmallIntegerField()),
                ("key", models.CharField(max_length=80)),
                ("stamp", models.DateTimeField()),
                ("worker", models.CharField(max_length=64)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("cost", models.DecimalField(decimal_places=4, default=0, max_digits=8)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("published", "published"),
                            ("pending", "pending"),
                            ("retry", "retry"),
                            ("rate_limited", "rate limited"),
                            ("refused", "refused"),
                            ("account_blocked", "account blocked"),
                            ("uncertain", "uncertain"),
                            ("absent", "absent"),
                        ],
                        default="",
                        max_length=24,
                    ),
                ),
                ("receipt", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
                ("diagnostic", models.TextField(blank=True)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attempts", to="publisher.post"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attempts", to="publisher.revision"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["started_at"], name="attempt_begun")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "published",
                                    "pending",
                                    "retry",
                                    "rate_limited",
                                    "refused",
                                    "account_blocked",
                                    "uncertain",
                                    "absent",
                                    "",
                                ],
                            )
                        ),
                        name="attempt_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("outcome", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="attempt_closed_with_outcome",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", publisher.enums.Outcome["PUBLISHED"])),
                        fields=("revision", "part"),
                        name="attempt_part_out_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("revision", "part"),
                        name="attempt_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("reviewed_by", models.CharField(blank=True, max_length=200)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "approval",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="emergency", to="publisher.approval"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="emergencies", to="publisher.post"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "emergencies",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("reviewed_at__isnull", True)), fields=["at"], name="emergency_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="emergency_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at__isnull", True), ("reviewed_by", "")),
                            models.Q(("reviewed_at__isnull", False), models.Q(("reviewed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="emergency_reviewed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="post",
            name="approved_revision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="publisher.revision",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="changes_asked",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="publisher.revision",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="revision",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="publisher.revision"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "state__in",
                            [
                                publisher.enums.PostState["SCHEDULED"],
                                publisher.enums.PostState["SENDING"],
                                publisher.enums.PostState["PROCESSING"],
                                publisher.enums.PostState["UNCERTAIN"],
                            ],
                        ),
                        _negated=True,
                    ),
                    models.Q(("approved_revision__isnull", False), ("approved_revision", models.F("revision"))),
                    _connector="OR",
                ),
                name="post_goes_out_as_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "state__in",
                            [
                                publisher.enums.PostState["SCHEDULED"],
                                publisher.enums.PostState["SENDING"],
                                publisher.enums.PostState["PROCESSING"],
                                publisher.enums.PostState["UNCERTAIN"],
                            ],
                        ),
                        _negated=True,
                    ),
                    ("changes_asked__isnull", True),
                    models.Q(("changes_asked", models.F("revision")), _negated=True),
                    _connector="OR",
                ),
                name="post_goes_out_without_changes_asked",
            ),
        ),
    ]
