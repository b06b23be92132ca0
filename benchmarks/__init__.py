"""Measurements, side by side, on the same data. Not part of `make test`."""
