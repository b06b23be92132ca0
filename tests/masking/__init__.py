"""The sentences that masking is measured on."""
