"""ServiceRequest: an order: a laboratory test, a study, a referral (https://hl7.org/fhir/R4/servicerequest.html)."""

from chart.record.spec import ResourceSpec, codes, dates, few, reference, token

SPEC = ResourceSpec(
    type="ServiceRequest",
    codes={
        "status": codes("draft active on-hold revoked completed entered-in-error unknown"),
        "intent": codes(
            "proposal plan directive order original-order reflex-order filler-order instance-order option"
        ),
        "priority": codes("routine urgent asap stat"),
    },
    search=(
        dates("authored", "authoredOn"),
        dates("occurrence", "occurrenceDateTime", "occurrencePeriod", "occurrenceTiming"),
        token("code", hot=True),
        few("status"),
        few("intent"),
        few("category"),
        few("priority"),
        token("requisition"),
        reference("encounter"),
        reference("requester"),
        reference("performer"),
    ),
)
