"""Measures Puljeguiden beside stock Rasa, in one run: `make bench`."""
