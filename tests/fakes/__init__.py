"""Fakes of the ports: in memory, without servers, and strict about what the ports promise."""
