"""What can be done from the command line, one module a command: `HELP` and `main() -> exit code`."""
