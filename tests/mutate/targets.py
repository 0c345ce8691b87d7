"""What is mutated, and which tests are the nearest to it: the one list, by area."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

IMPORT = (
    "tests/files/test_refused_rows.py tests/files/test_importing.py tests/files/test_importing_forms.py "
    "tests/pages/test_imports.py tests/files/test_hidden_rows.py tests/files/test_ended_rows.py"
)
STEPS = "tests/files/test_steps.py tests/files/test_undoing.py"
SCHEMA = "tests/house/test_migrations.py tests/models/test_constraints.py"
MERGING = (
    "tests/pages/test_merging.py tests/pages/test_merging_items.py tests/pages/test_merging_sources.py "
    "tests/pages/test_merging_waits.py tests/pages/test_unmerging.py tests/pages/test_after_merging.py "
    "tests/pages/test_moving_items.py tests/models/test_merging_alike.py"
)
VALUES = "tests/house/test_values.py"
"""Asks in a moment what holds for every module."""

TARGETS = {
    "standing": {
        "tracker/domain/standing.py": "tests/models/test_standing.py "
        "tests/models/test_histories.py tests/pages/test_reading_past.py tests/models/test_several_texts.py",
        "tracker/domain/deciding.py": "tests/models/test_queries.py tests/models/test_histories.py",
        "tracker/clocks.py": "tests/models/test_clocks.py tests/models/test_standing.py",
        "tracker/recording/denormalized.py": "tests/models/test_check_standing.py "
        "tests/models/test_standing.py "
        "tests/models/test_histories.py tests/files/test_undoing.py tests/models/test_several_texts.py",
        "tracker/models/dates.py": "tests/models/test_dates.py tests/models/test_dates_written.py "
        "tests/models/test_standing.py "
        f"tests/models/test_deadlines.py {SCHEMA} tests/models/test_begun_by_today.py "
        "tests/pages/test_unlikely_dates.py",
        "tracker/models/developments.py": "tests/models/test_standing.py tests/models/test_recording.py "
        f"tests/models/test_correcting.py tests/models/test_dates.py tests/models/test_histories.py {SCHEMA} "
        "tests/pages/test_search.py tests/models/test_sealed.py tests/models/test_within_a_day.py "
        "tests/pages/test_moving.py",
        "tracker/models/effects.py": "tests/models/test_standing.py tests/models/test_recording.py "
        f"tests/models/test_sealed.py tests/pages/test_taken_back.py {SCHEMA} "
        "tests/pages/test_search.py tests/models/test_several_texts.py tests/models/test_begun_by_today.py",
        "tracker/models/wordings.py": "tests/models/test_several_texts.py tests/pages/test_several_texts.py",
        "tracker/domain/alternatives.py": "tests/models/test_histories.py tests/pages/test_doubt.py "
        "tests/models/test_within_a_day.py tests/models/test_changed_standings.py "
        "tests/models/test_several_texts.py tests/models/test_agreement.py",
        "tracker/domain/doubt.py": "tests/models/test_histories.py tests/pages/test_doubt.py "
        "tests/models/test_within_a_day.py tests/models/test_changed_standings.py "
        "tests/models/test_several_texts.py",
        "tracker/domain/told.py": "tests/models/test_within_a_day.py tests/models/test_histories.py",
        "tracker/models/order.py": "tests/models/test_within_a_day.py tests/models/test_histories.py "
        "tests/models/test_agreement.py tests/models/test_begun_by_today.py tests/models/test_places.py "
        f"{SCHEMA} tests/pages/test_within_a_day.py tests/pages/test_doubt.py",
        "tracker/recording/place.py": "tests/models/test_within_a_day.py tests/models/test_rows_of_a_day.py "
        "tests/models/test_histories.py tests/pages/test_within_a_day.py",
        "tracker/recording/told_order.py": "tests/models/test_rows_of_a_day.py "
        "tests/models/test_within_a_day.py tests/models/test_histories.py",
    },
    "movement": {
        "tracker/domain/movement.py": "tests/models/test_movement.py tests/models/test_several_texts.py",
        "tracker/reports/changes/queries.py": "tests/models/test_comparison.py tests/pages/test_compare.py "
        "tests/pages/test_compare_raised.py tests/pages/test_taken_back.py",
    },
    "agreement": {
        "tracker/domain/agreement.py": "tests/models/test_agreement.py",
        "tracker/queries/agreements.py": "tests/models/test_agreement_grid.py "
        "tests/pages/test_agreement.py tests/pages/test_several_texts.py",
    },
    "deadlines": {
        "tracker/domain/deadlines.py": "tests/models/test_deadlines.py "
        "tests/pages/test_taken_back.py tests/pages/ledger",
        "tracker/queries/ledger.py": "tests/models/test_deadlines.py tests/pages/ledger",
        "tracker/api/calendar_events.py": "tests/pages/ledger/test_calendar.py",
    },
    "recording": {
        "tracker/recording/__init__.py": "tests/models/test_recording.py tests/models/test_correcting.py "
        "tests/models/test_trail.py tests/models/test_sealed.py tests/models/test_check_standing.py "
        "tests/models/test_order_of_recording.py tests/models/test_within_a_day.py "
        "tests/files/test_private_texts.py tests/models/test_source_texts.py tests/pages/test_moving.py",
        "tracker/recording/bulk.py": "tests/models/test_recording_many.py",
        "tracker/recording/merging.py": MERGING,
        "tracker/recording/references.py": MERGING,
        "tracker/recording/renewal.py": MERGING,
        "tracker/recording/renewed_ahead.py": "tests/models/test_renewed_ahead.py",
        "tracker/recording/unmerging.py": f"tests/pages/test_unmerging.py {MERGING}",
        "tracker/recording/changed_rows.py": f"tests/pages/test_unmerging.py {MERGING}",
        "tracker/recording/meanwhile.py": "tests/pages/test_after_merging.py tests/pages/test_unmerging.py "
        "tests/pages/test_kept_sources.py tests/models/test_merging_at_once.py",
        "tracker/recording/wordings.py": "tests/models/test_several_texts.py "
        "tests/pages/test_several_texts.py",
        "tracker/recording/prepare.py": "tests/models/test_recording.py tests/models/test_standing.py "
        "tests/models/test_correcting.py tests/models/test_recording_many.py "
        "tests/models/test_evidence.py tests/models/test_begun_by_today.py "
        "tests/models/test_several_texts.py",
        "tracker/recording/timestamps.py": "tests/models/test_order_of_recording.py "
        "tests/models/test_one_instant.py "
        "tests/models/test_recording.py tests/models/test_correcting.py "
        "tests/models/test_clock_ahead.py tests/models/test_source_texts.py "
        "tests/pages/test_unmerging.py tests/models/test_check_standing.py",
        "tracker/recording/source_texts.py": "tests/models/test_source_texts.py "
        "tests/models/test_evidence.py tests/pages/test_unmerging.py",
        "tracker/recording/earlier_texts.py": "tests/models/test_source_texts.py "
        "tests/files/test_private_texts.py "
        "tests/files/test_package_texts.py",
        "tracker/recording/audit.py": "tests/models/test_trail.py tests/files/test_private_texts.py "
        "tests/models/test_evidence.py tests/models/test_recording.py",
    },
    "versions": {
        "tracker/recording/versions.py": "tests/models/test_versions.py",
        "tracker/recording/earlier_versions.py": "tests/models/test_versions.py "
        "tests/models/test_histories.py",
        "tracker/recording/future.py": "tests/models/test_clock_ahead.py",
        "tracker/models/past.py": "tests/models/test_versions.py tests/models/test_source_texts.py "
        "tests/models/test_public.py tests/files/test_package_known.py",
        "tracker/queries/deletions.py": "tests/pages/test_deleted.py",
    },
    "merge": {"tracker/forms/three_way.py": "tests/forms/test_three_way.py"},
    "visibility": {
        "tracker/models/base.py": "tests/models/test_visibility.py tests/models/test_sealed.py "
        "tests/models/test_constraints.py tests/models/test_versions.py tests/models/test_recording.py "
        "tests/models/test_names.py tests/models/test_trail.py "
        f"tests/models/test_search_entries.py {SCHEMA} tests/pages/test_access.py",
        "tracker/models/processes.py": f"tests/models/test_visibility.py {SCHEMA} tests/pages/test_search.py",
        "tracker/models/sources.py": "tests/pages/test_kept_sources.py "
        f"tests/models/test_visibility.py {SCHEMA} "
        "tests/pages/test_search.py tests/pages/test_sources.py",
        "tracker/models/source_texts.py": f"tests/models/test_source_texts.py {SCHEMA} "
        "tests/pages/test_kept_sources.py",
        "tracker/models/changes.py": "tests/models/test_source_texts.py tests/pages/test_kept_sources.py "
        f"tests/models/test_trail.py {SCHEMA} tests/pages/test_unmerging.py "
        "tests/pages/test_merging_items.py tests/pages/test_forms_access.py",
        "tracker/models/users.py": f"tests/models/test_visibility.py tests/house/test_accounts.py {SCHEMA}",
        "tracker/domain/authorship.py": "tests/models/test_authorship.py",
        "tracker/accounts/roles.py": "tests/models/test_authorship.py tests/admin/test_roles.py "
        "tests/pages/test_roles.py",
    },
    "import": {
        "tracker/models/imports.py": f"tests/models/test_visibility.py tests/pages/test_access.py "
        f"tests/pages/test_imports.py {SCHEMA}",
    }
    | {
        f"tracker/files/importing/{name}.py": tests
        for name, tests in {
            "related": f"{IMPORT} tests/files/test_same_rows.py tests/files/test_riyadh.py "
            "tests/files/test_several_texts.py",
            "cells": f"tests/files/test_spelling.py {IMPORT} tests/pages/test_within_a_day.py",
            "existing": f"tests/files/test_undoing.py tests/files/test_spelling.py {IMPORT} "
            "tests/files/test_dates_and_columns.py",
            "rights": f"tests/files/test_parts_of_others.py {IMPORT}",
            "checking": f"tests/pages/test_imports_wrong.py {IMPORT} tests/files/test_wrong_columns.py",
            "columns": f"tests/files/test_wrong_columns.py {IMPORT} tests/files/test_several_texts.py",
            "row_result": f"tests/files/test_steps.py tests/pages/test_imports_wrong.py {IMPORT} "
            "tests/files/test_dates_and_columns.py tests/pages/test_unlikely_dates.py "
            "tests/pages/test_unlikely_dues.py",
            "validate": f"tests/files/test_same_rows.py {IMPORT} tests/files/test_spelling.py "
            "tests/files/test_several_texts.py",
            "matching": f"tests/files/test_same_rows.py {IMPORT} tests/pages/test_within_a_day.py "
            "tests/files/test_several_texts.py",
            "resolve": f"{IMPORT} tests/files/test_same_rows.py tests/files/test_wrong_columns.py",
            "uploads": "tests/files/test_steps.py tests/files/test_refused_rows.py "
            "tests/pages/test_imports.py "
            "tests/files/test_import_command.py",
            "texts": f"tests/files/test_several_texts.py {IMPORT}",
            "runs": f"{STEPS} {IMPORT} tests/files/test_import_command.py "
            "tests/pages/test_after_merging.py tests/files/test_several_texts.py",
            "undo": f"{STEPS} {IMPORT} tests/pages/test_after_merging.py",
            "values": f"tests/files/test_spelling.py {IMPORT} tests/pages/test_within_a_day.py "
            "tests/files/test_wrong_columns.py tests/files/test_asked_about.py "
            "tests/pages/test_taken_back.py tests/files/test_dates_and_columns.py",
            "apply": f"tests/pages/test_imports_wrong.py {IMPORT} tests/pages/test_within_a_day.py "
            "tests/files/test_several_texts.py",
        }.items()
    },
}
"""By area and module, the tests that are run for a mutant of it, the nearest first; and VALUES."""


def nearest_tests(module: str) -> list[str]:
    """The nearest tests of `module`, each once."""
    tests = next(area[module] for area in TARGETS.values() if module in area)
    return list(dict.fromkeys([*tests.split(), VALUES]))
