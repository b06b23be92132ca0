"""Measures and troubles the assistant as docker-compose.yml starts it, without Docker: `make scale`."""
