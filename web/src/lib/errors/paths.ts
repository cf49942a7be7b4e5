type Tree = Record<string, unknown>;

/** What stands at a dotted path (`location.zip`, `items.0.name`); undefined where nothing does. */
export function at(values: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((found, key) => (found as Tree | undefined)?.[key], values);
}

/** The values with another one at a dotted path; what was given stays as it is. */
export function withValue<T>(values: T, path: string, value: unknown): T {
  const [key = '', ...rest] = path.split('.');
  const inner = (values as Tree | undefined)?.[key];
  const next = rest.length > 0 ? withValue(inner ?? {}, rest.join('.'), value) : value;
  return (
    Array.isArray(values)
      ? values.map((item, index) => (String(index) === key ? next : item))
      : { ...values, [key]: next }
  ) as T;
}

/** What an input hands to onChange: an event of the DOM, or the value itself (Select, Radio.Group). */
export function typed(input: unknown): unknown {
  const target = (input as { currentTarget?: unknown } | null)?.currentTarget;
  if (target instanceof HTMLInputElement && target.type === 'checkbox') return target.checked;
  const isField =
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement;
  return isField ? target.value : input;
}
