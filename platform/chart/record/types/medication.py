"""Medication: a medicine that other resources of the record name (https://hl7.org/fhir/R4/medication.html)."""

from chart.record.spec import ResourceSpec, codes, dates, few, reference, token

SPEC = ResourceSpec(
    type="Medication",
    codes={"status": codes("active inactive entered-in-error")},
    patient=None,
    status_required=False,
    search=(
        token("code", hot=True),
        few("status"),
        token("form"),
        token("ingredient-code", "ingredient.itemCodeableConcept"),
        token("lot-number", "batch.lotNumber"),
        dates("expiration-date", "batch.expirationDate"),
        reference("manufacturer"),
        reference("ingredient", "ingredient.itemReference"),
    ),
)
