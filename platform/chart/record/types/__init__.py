"""What we know of each FHIR resource type: one file a type, with its `SPEC`. A new file is a new type."""
