"""DiagnosticReport: the findings of a laboratory or a study (https://hl7.org/fhir/R4/diagnosticreport.html)."""

from chart.record.spec import ResourceSpec, codes, dates, few, reference, token

SPEC = ResourceSpec(
    type="DiagnosticReport",
    codes={
        "status": codes(
            "registered partial preliminary final amended corrected appended cancelled entered-in-error unknown"
        )
    },
    search=(
        dates("date", "effectiveDateTime", "effectivePeriod"),
        dates("issued"),
        token("code", hot=True),
        few("status"),
        few("category"),
        token("conclusion", "conclusionCode"),
        reference("result"),
        reference("encounter"),
        reference("based-on", "basedOn"),
        reference("performer"),
    ),
)
