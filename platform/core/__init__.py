"""What every slice stands on: configuration, database, errors, audit, outbox, live push. Knows no slice."""
