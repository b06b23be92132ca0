"""Edits `data/` and the domain for trainers, on a folder given as argument, so that a draft can be a copy.

Every edit is checked as `make check` does before it is written; all its files are written, or none.
"""

from puljeguiden.editing.files import Refused

__all__ = ["Refused"]
