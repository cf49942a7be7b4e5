"""The search of the record: what is drawn from a resource, the rows that keep it, and the query."""
