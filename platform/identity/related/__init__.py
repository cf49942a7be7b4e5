"""Related persons: who may act for a patient, with scope, proof and end; and for whom a sign-in acts."""
