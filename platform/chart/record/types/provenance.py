"""Provenance: where other resources of the record come from (https://hl7.org/fhir/R4/provenance.html)."""

from chart.record.spec import ResourceSpec, dates, reference, token

SPEC = ResourceSpec(
    type="Provenance",
    patient=None,
    about="activity",
    status=None,
    search=(
        dates("recorded"),
        dates("when", "occurredDateTime", "occurredPeriod"),
        token("activity"),
        token("agent-type", "agent.type"),
        token("agent-role", "agent.role"),
        reference("target"),
        reference("agent", "agent.who"),
        reference("entity", "entity.what"),
    ),
)
