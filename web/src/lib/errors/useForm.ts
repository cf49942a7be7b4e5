import { type UseFormReturnType, useForm as useMantineForm } from '@mantine/form';
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
import { ErrorText } from './ErrorText';

type Params = Record<string, string | number>;
/** What a check says: nothing, an error code, or a code with its parameters. */
export type Check = string | { code: string; params: Params } | null | undefined | false;

interface FormOptions<V> {
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

export interface Form<V extends Record<string, unknown>> {
  /** Spread on an input: value, onChange, error, and `data-path`, by which it is found and focused. */
  field: UseFormReturnType<V>['getInputProps'];
  values: V;
  set: UseFormReturnType<V>['setFieldValue'];
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

const text = (code: string, params?: Params): ReactNode =>
  createElement(ErrorText, params ? { code, params } : { code });

function shown(check: Check): ReactNode {
  if (!check) return null;
  return typeof check === 'string' ? text(check) : text(check.code, check.params);
}

/** Errors by the form's own paths; the API writes lists as `items[0].name` or `items.0.name`. */
export function fieldErrors(
  fields: readonly FieldProblem[],
  paths: Record<string, string> = {},
): Record<string, ReactNode> {
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
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const form = useMantineForm<V>({
    initialValues: options.initialValues,
    validate: (values) =>
      Object.fromEntries(
        Object.entries(options.checks?.(values) ?? {}).map(([path, check]) => [path, shown(check)]),
      ),
  });

  // Counted up together with new errors, so that they are on screen when the effect looks for them.
  const [refusals, setRefusals] = useState(0);
  const refuse = () => setRefusals((count) => count + 1);
  useEffect(() => {
    if (refusals > 0 && ref.current) focusFirstError(ref.current);
  }, [refusals]);

  const send = async (values: V) => {
    if (sending) return;
    setSending(true);
    setProblem(null);
    try {
      await options.submit(values);
    } catch (error) {
      const found = error as ApiProblem;
      const fields = found.fields ?? [];
      form.setErrors(fieldErrors(fields, options.paths));
      if (fields.length > 0) refuse();
      else setProblem(found);
    } finally {
      setSending(false);
    }
  };

  return {
    field: form.getInputProps,
    values: form.values,
    set: form.setFieldValue,
    reset: form.reset,
    isDirty: form.isDirty,
    props: {
      ref,
      onSubmit: form.onSubmit((values) => void send(values), refuse),
      noValidate: true,
    },
    sending,
    problem,
  };
}
