"""QuestionnaireResponse: what was asked and answered (https://hl7.org/fhir/R4/questionnaireresponse.html)."""

from chart.record.spec import ResourceSpec, codes, dates, few, reference

SPEC = ResourceSpec(
    type="QuestionnaireResponse",
    codes={"status": codes("in-progress completed amended entered-in-error stopped")},
    search=(
        dates("authored"),
        few("status"),
        reference("questionnaire"),
        reference("encounter"),
        reference("author"),
        reference("source"),
    ),
)
