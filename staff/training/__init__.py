"""What trainers teach the assistant, and how it goes live."""
