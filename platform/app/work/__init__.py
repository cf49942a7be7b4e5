"""The operator's page: work of the worker that is stuck, why, and what may be done about it. Ids and codes only."""
