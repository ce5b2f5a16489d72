"""JSON for the plan and the directory: one module a noun."""
