"""What we know of each FHIR resource type, one file a type."""
