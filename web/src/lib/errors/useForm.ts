import {
  createElement,
  type FormEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { ApiProblem, FieldProblem } from '@/lib/api/problem';
import { isUnread } from '../number/read';
import { ErrorText } from './ErrorText';
import { at, typed, withValue } from './paths';

type Params = Record<string, string | number>;
/** What a check says: nothing, an error code, or a code with its parameters. */
export type Check = string | { code: string; params: Params } | null | undefined | false;
type Errors = Readonly<Record<string, ReactNode>>;

export interface FormOptions<V> {
  initialValues: V;
  /** Checks made before anything is sent. Keys are field paths, results are error codes. */
  checks?: (values: V) => Record<string, Check>;
  /**
   * Sends the form. Whatever it throws stays out of the page: field problems go beside their
   * fields, any other problem into `form.problem`, and what was typed is kept.
   */
  submit: (values: V) => Promise<unknown>;
  /** The API's path of a field, where it differs from the form's: `{'location.zip': 'zip'}`. */
  paths?: Record<string, string>;
}

/** What an input is given: its value, its error, and `data-path`, by which it is found. */
export interface FieldProps {
  // biome-ignore lint/suspicious/noExplicitAny: inputs differ in what they hold; the form's values say
  value?: any;
  checked?: boolean;
  onChange: (input: unknown) => void;
  error: ReactNode;
  'data-path': string;
}

export interface Form<V> {
  /** Spread on an input. A field is named by its path: `name`, `location.zip`, `items.0.name`. */
  field: (path: string, options?: { type?: 'input' | 'checkbox' }) => FieldProps;
  values: V;
  set: (path: string, value: unknown) => void;
  reset: () => void;
  isDirty: () => boolean;
  /** Spread on the <form>. */
  props: {
    ref: RefObject<HTMLFormElement | null>;
    onSubmit: (event: FormEvent<HTMLFormElement>) => void;
    noValidate: true;
  };
  sending: boolean;
  /** What went wrong that belongs to no field: shown by `<FormProblem of={form.problem} />`. */
  problem: ApiProblem | null;
}

/** In place of an error's text: what our own check says now. It goes with whatever makes the check content. */
const CHECKED = 'checked';

const text = (code: string, params?: Params): ReactNode =>
  createElement(ErrorText, params ? { code, params } : { code });

/** The checks that found something, as what is shown beside their fields. */
function shown(checks: Record<string, Check>): Record<string, ReactNode> {
  return Object.fromEntries(
    Object.entries(checks).flatMap(([path, check]) => {
      if (!check) return [];
      return [[path, typeof check === 'string' ? text(check) : text(check.code, check.params)]];
    }),
  );
}

/** Text that is no number, wherever it stands in the values: nothing is sent over it. */
function unreadIn(values: unknown, path = ''): Record<string, Check> {
  if (isUnread(values)) return { [path]: { code: values.code, params: values.params ?? {} } };
  if (typeof values !== 'object' || values === null) return {};
  const inner = Object.entries(values).map(([key, value]) =>
    unreadIn(value, path ? `${path}.${key}` : key),
  );
  return Object.assign({}, ...inner);
}

/** The paths of dates and times that were begun and not finished: to the page such a field is empty. */
const halfTyped = (form: HTMLFormElement) =>
  [...form.querySelectorAll('input')].flatMap(({ validity, dataset }) =>
    validity.badInput && dataset.path ? [dataset.path] : [],
  );

/** Errors by the form's own paths; the API writes lists as `items[0].name` or `items.0.name`. */
export function fieldErrors(
  fields: readonly FieldProblem[],
  paths: Record<string, string> = {},
): Errors {
  return Object.fromEntries(
    fields.map(({ path, code, params }) => {
      const plain = path.replaceAll(/\[(\d+)\]/g, '.$1');
      return [paths[plain] ?? plain, text(code, params)];
    }),
  );
}

/** Puts the keyboard on the first field that has an error, in the order of the page. */
export function focusFirstError(form: HTMLElement): void {
  const bad = form.querySelector<HTMLElement>('[aria-invalid="true"], [data-error="true"]');
  const target = bad?.matches('input, textarea, select, button')
    ? bad
    : (bad?.querySelector<HTMLElement>('input, textarea, select, button') ?? bad);
  target?.focus();
  target?.scrollIntoView?.({ block: 'center' });
}

/**
 * A form that keeps what was typed, says what is wrong beside the field (linked by
 * aria-describedby through Mantine's inputs) and focuses the first field that has to be mended.
 */
export function useForm<V extends Record<string, unknown>>(options: FormOptions<V>): Form<V> {
  const ref = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(options.initialValues);
  // What was typed a moment ago, for a form that is sent before it is drawn again.
  const latest = useRef(values);
  const [errors, setErrors] = useState<Errors>({});
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  // Counted up together with new errors, so that they are on screen when the effect looks for them.
  const [refusals, setRefusals] = useState(0);
  useEffect(() => {
    if (refusals > 0 && ref.current) focusFirstError(ref.current);
  }, [refusals]);

  const found = () => ({ ...options.checks?.(latest.current), ...unreadIn(latest.current) });
  const now = shown(found());
  const keep = (next: V) => {
    latest.current = next;
    setValues(next);
  };
  const set = (path: string, value: unknown) => {
    keep(withValue(latest.current, path, value));
    setErrors(({ [path]: _mended, ...others }) => others);
  };
  const refuse = (found: Errors) => {
    setErrors(found);
    setRefusals((count) => count + 1);
  };

  const send = async (sent: V) => {
    setSending(true);
    setProblem(null);
    try {
      await options.submit(sent);
    } catch (error) {
      const found = error as ApiProblem;
      if (found.fields?.length > 0) refuse(fieldErrors(found.fields, options.paths));
      else setProblem(found);
    } finally {
      setSending(false);
    }
  };

  return {
    field: (path, { type = 'input' } = {}) => {
      const value = at(values, path);
      return {
        ...(type === 'checkbox' ? { checked: value === true } : { value }),
        onChange: (input) => set(path, typed(input)),
        error: (errors[path] === CHECKED ? now[path] : errors[path]) ?? null,
        'data-path': path,
      };
    },
    values,
    set,
    reset: () => {
      keep(options.initialValues);
      setErrors({});
    },
    isDirty: () => JSON.stringify(values) !== JSON.stringify(options.initialValues),
    props: {
      ref,
      noValidate: true,
      onSubmit: (event) => {
        event.preventDefault();
        if (sending) return;
        const wrong = shown(found());
        for (const path in wrong) wrong[path] = CHECKED;
        for (const path of halfTyped(event.currentTarget)) wrong[path] = text('malformed');
        setErrors(wrong);
        if (Object.keys(wrong).length > 0) refuse(wrong);
        else void send(latest.current);
      },
    },
    sending,
    problem,
  };
}
