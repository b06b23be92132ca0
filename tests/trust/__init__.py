"""Proves on the whole running assistant what the other parts promise: `make trust`, and docs/trust.md."""
