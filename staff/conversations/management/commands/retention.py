"""Deletes what has been kept for long enough; `--preview` only tells what that is. The follower does it every day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from staff.conversations import retention


class Command(BaseCommand):
    """Delete what is due, or tell what is."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--preview", action="store_true", help="delete nothing")

    def handle(self, *_: Any, preview: bool = False, **__: Any) -> None:
        """Run the command."""
        if preview:
            for rule in retention.preview():
                kept = f"kept {rule.days} days" if rule.days else "kept for good"
                self.stdout.write(f"{rule.what}: {kept}, due now: {'unknown' if rule.count is None else rule.count}")
            self.stdout.write(f"cases that are old but not answered, and stay: {retention.overdue_cases().count()}")
            return
        proofs = retention.run()
        for proof in proofs:
            self.stdout.write(f"deleted: {proof.count} {proof.what}")
        if not proofs:
            self.stdout.write("nothing was due")
