import type { AppliesTo, Item, Option, Questionnaire, Text } from './questionnaire';

/*
 * Reads the FHIR R4 Questionnaire that the server sends: the elements and extensions that ours use.
 */
const URL = {
  translation: 'http://hl7.org/fhir/StructureDefinition/translation',
  ordinalValue: 'http://hl7.org/fhir/StructureDefinition/ordinalValue',
  optionExclusive: 'http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive',
  minValue: 'http://hl7.org/fhir/StructureDefinition/minValue',
  maxValue: 'http://hl7.org/fhir/StructureDefinition/maxValue',
  appliesTo: 'urn:carethread:questionnaire:applies-to',
  hidden: 'http://hl7.org/fhir/StructureDefinition/questionnaire-hidden',
  itemControl: 'http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl',
  sumOf: 'urn:carethread:questionnaire:sum-of',
} as const;

interface Coding {
  code: string;
}
interface Extension {
  url: string;
  extension?: Extension[];
  valueString?: string;
  valueCode?: string;
  valueBoolean?: boolean;
  valueInteger?: number;
  valueDecimal?: number;
  valueCodeableConcept?: { coding: Coding[] };
}
interface Extended {
  extension?: Extension[];
}
interface FhirOption extends Extended {
  valueCoding: Coding & Extended & { display: string; _display?: Extended };
}
interface FhirCondition {
  question: string;
  operator: string;
  answerBoolean?: boolean;
  answerInteger?: number;
  answerCoding?: Coding;
}
interface FhirItem extends Extended {
  linkId: string;
  type: string;
  text: string;
  _text?: Extended;
  required?: boolean;
  repeats?: boolean;
  maxLength?: number;
  enableWhen?: FhirCondition[];
  enableBehavior?: string;
  answerOption?: FhirOption[];
  item?: FhirItem[];
}
export interface FhirQuestionnaire {
  title: string;
  _title?: Extended;
  item: FhirItem[];
}

/** A questionnaire ready to be asked. */
export function readQuestionnaire(resource: FhirQuestionnaire): Questionnaire {
  return { title: readText(resource.title, resource._title), items: resource.item.map(readItem) };
}

function readItem(source: FhirItem): Item {
  return {
    linkId: source.linkId,
    type: source.type,
    text: readText(source.text, source._text),
    required: source.required ?? false,
    repeats: source.repeats ?? false,
    hidden: find(source, URL.hidden)?.valueBoolean ?? false,
    maxLength: source.maxLength ?? null,
    minimum: find(source, URL.minValue)?.valueInteger ?? null,
    maximum: find(source, URL.maxValue)?.valueInteger ?? null,
    control: find(source, URL.itemControl)?.valueCodeableConcept?.coding[0]?.code ?? null,
    options: (source.answerOption ?? []).map(readOption),
    conditions: (source.enableWhen ?? []).map((condition) => ({
      question: condition.question,
      operator: condition.operator,
      value:
        condition.answerCoding?.code ?? condition.answerInteger ?? condition.answerBoolean ?? true,
    })),
    allConditions: (source.enableBehavior ?? 'all') === 'all',
    sumOf: (source.extension ?? [])
      .filter((extension) => extension.url === URL.sumOf)
      .map((extension) => extension.valueString ?? ''),
    appliesTo: readAppliesTo(source),
    children: (source.item ?? []).map(readItem),
  };
}

function readAppliesTo(source: FhirItem): AppliesTo | null {
  const parts = find(source, URL.appliesTo)?.extension;
  if (!parts) return null;
  const limit = (url: string) => parts.find((part) => part.url === url)?.valueInteger ?? null;
  return {
    sexes: parts.filter((part) => part.url === 'sex').map((part) => part.valueCode ?? ''),
    minYears: limit('min-years'),
    maxYears: limit('max-years'),
    maxDays: limit('max-days'),
  };
}

function readOption(source: FhirOption): Option {
  const { valueCoding: coding } = source;
  return {
    code: coding.code,
    text: readText(coding.display, coding._display),
    score: find(coding, URL.ordinalValue)?.valueDecimal ?? null,
    exclusive: find(source, URL.optionExclusive)?.valueBoolean ?? false,
  };
}

function readText(english: string, extended: Extended | undefined): Text {
  const parts = extended && find(extended, URL.translation);
  const spanish = parts && find(parts, 'content')?.valueString;
  return { en: english, es: spanish ?? english };
}

function find({ extension }: Extended, url: string): Extension | undefined {
  return extension?.find((each) => each.url === url);
}
