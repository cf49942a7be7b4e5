/** The year of a FHIR date, whole or partial. */
export const plainYear = (date: string): string => date.slice(0, 4);
