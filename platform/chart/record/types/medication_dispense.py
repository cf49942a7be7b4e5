"""MedicationDispense: what a pharmacy gave out (https://hl7.org/fhir/R4/medicationdispense.html)."""

from chart.record.spec import ResourceSpec, codes, dates, few, reference, token

SPEC = ResourceSpec(
    type="MedicationDispense",
    codes={
        "status": codes(
            "preparation in-progress cancelled on-hold completed entered-in-error stopped declined unknown"
        )
    },
    about="medicationCodeableConcept",
    search=(
        dates("whenhandedover", "whenHandedOver"),
        dates("whenprepared", "whenPrepared"),
        token("code", "medicationCodeableConcept", hot=True),
        few("status"),
        token("type"),
        reference("medication", "medicationReference"),
        reference("context"),
        reference("prescription", "authorizingPrescription"),
        reference("performer", "performer.actor"),
        reference("receiver"),
    ),
)
