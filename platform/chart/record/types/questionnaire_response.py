"""QuestionnaireResponse: what was asked and answered (https://hl7.org/fhir/R4/questionnaireresponse.html)."""

from chart.record.spec import ResourceSpec, codes

SPEC = ResourceSpec(
    type="QuestionnaireResponse",
    codes={"status": codes("in-progress completed amended entered-in-error stopped")},
)
