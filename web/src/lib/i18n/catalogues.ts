import type { Messages } from './messages';

/** The languages we speak. The first is what we fall back to. */
export const LOCALES = ['en', 'es'] as const;
export type Locale = (typeof LOCALES)[number];

/** The catalogues of the way from the clinic's page to the call. */
const near = import.meta.glob<{ default: Messages }>([
  './messages/*.json',
  '../../features/{identity,intake,visits}/messages/*.json',
  '../../features/intake/start/messages/*.json',
]);

async function fetched(slice: string, locale: Locale): Promise<Messages> {
  const path =
    slice === 'common'
      ? `./messages/${locale}.json`
      : `../../features/${slice}/messages/${locale}.json`;
  const load = near[path] ?? (await import('./farCatalogues')).far[path];
  if (!load) throw new Error(`No message catalogue ${path}`);
  return (await load()).default;
}

type Listener = () => void;

/**
 * The message catalogues in memory. A page asks for its slice's catalogue in its route
 * (`page('visits', ...)`); changing the language loads the same slices in the other language
 * before anything on screen changes, so that no page is ever half translated. A part of a feature
 * that is heavy enough to come by itself has its own: `chart/prescribing`.
 */
class Catalogues {
  private readonly listeners = new Set<Listener>();
  private readonly slices = new Set<string>(['common']);
  private state: { locale: Locale; messages: Messages } = { locale: 'en', messages: {} };

  readonly snapshot = () => this.state;

  readonly subscribe = (listener: Listener): Listener => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Makes a slice's messages available; resolves at once when they are there already. */
  async load(slice: string): Promise<void> {
    if (this.slices.has(slice) && this.state.messages[slice] !== undefined) return;
    const { locale } = this.state;
    const messages = await fetched(slice, locale);
    if (locale !== this.state.locale) return this.load(slice);
    this.slices.add(slice);
    this.publish(locale, mount(this.state.messages, slice, messages));
  }

  async use(locale: Locale): Promise<void> {
    const slices = [...this.slices];
    const loaded = await Promise.all(slices.map((slice) => fetched(slice, locale)));
    // A page may have asked for another slice meanwhile: it would be missing in the new language.
    if (this.slices.size > slices.length) return this.use(locale);
    let messages: Messages = {};
    slices.forEach((slice, at) => {
      messages = mount(messages, slice, loaded[at] ?? {});
    });
    this.publish(locale, messages);
  }

  private publish(locale: Locale, messages: Messages): void {
    this.state = { locale, messages };
    for (const listener of this.listeners) listener();
  }
}

/**
 * A feature's catalogue goes under the feature's name, and its `errors` also join the common
 * `errors`, so that one lookup finds the text of any error code. `common` is the root itself.
 */
function mount(into: Messages, slice: string, messages: Messages): Messages {
  const errors = { ...(into.errors as Messages), ...(messages.errors as Messages) };
  return slice === 'common'
    ? { ...into, ...messages, common: messages, errors }
    : { ...into, [slice]: messages, errors };
}

export const catalogues = new Catalogues();
