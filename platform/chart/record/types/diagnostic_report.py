"""DiagnosticReport: the findings of a laboratory or a study (https://hl7.org/fhir/R4/diagnosticreport.html)."""

from chart.record.spec import ResourceSpec, codes

SPEC = ResourceSpec(
    type="DiagnosticReport",
    codes={
        "status": codes(
            "registered partial preliminary final amended corrected appended cancelled entered-in-error unknown"
        )
    },
)
