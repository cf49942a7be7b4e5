/** A name as the API has it: '' is none. */
export interface NameParts {
  given: string;
  family: string;
  second: string;
  prefix: string;
  suffix: string;
  used_name: string;
}

export const NO_NAME: NameParts = {
  given: '',
  family: '',
  second: '',
  prefix: '',
  suffix: '',
  used_name: '',
};

/** The parts alone, of anything that has them. */
export const nameOf = (of: Partial<NameParts>): NameParts => ({
  given: of.given ?? '',
  family: of.family ?? '',
  second: of.second ?? '',
  prefix: of.prefix ?? '',
  suffix: of.suffix ?? '',
  used_name: of.used_name ?? '',
});

/** One name is enough: what is missing is said beside the last name. */
export const nameChecks = ({ given, family }: NameParts) => ({
  family: !given.trim() && !family.trim() && 'required',
});
