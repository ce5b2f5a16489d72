"""JSON for lists, invitations, answers and the door: one module a noun."""
