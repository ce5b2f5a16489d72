"""JSON for halls and lines: one module a noun."""
