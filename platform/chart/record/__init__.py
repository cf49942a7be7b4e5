"""The record: the store of FHIR resources, what is known of each type, and how one is changed, imported and found."""
