/** What a call of the API may be given; the types of `client.ts` say what each address takes. */
export interface Options extends RequestInit {
  params?: { path?: Record<string, unknown>; query?: Record<string, unknown> };
  parseAs?: 'json' | 'blob';
  /** It is sent by itself, and asks nobody for the second factor. */
  byItself?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: the types of `client.ts` say what it is; here it becomes JSON
  body?: any;
}

/** The address of `/api/visits/{visit_id}` with its parameters. What is null or not given is left out. */
export function urlOf(path: string, { path: places = {}, query = {} }: Options['params'] = {}) {
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(String(places[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) {
      if (each !== null && each !== undefined) search.append(name, String(each));
    }
  }
  return search.size > 0 ? `${address}?${search}` : address;
}

/** The data of an answer that is a success; undefined where it has none. */
export async function dataOf(answer: Response, parseAs: Options['parseAs']): Promise<unknown> {
  if (answer.status === 204) return undefined;
  if (parseAs === 'blob') return answer.blob();
  const text = await answer.text();
  return text ? JSON.parse(text) : undefined;
}
