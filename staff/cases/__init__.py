"""Cases: questions that applicants handed to people."""
