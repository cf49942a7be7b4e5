import { api, speakFor, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';

export type GuestLink = components['schemas']['GuestLinkOut'];
export type Place = components['schemas']['GuestSelf'];

/** Where a link leads: to a form, in by itself for the browser that came in by it before, or nowhere. */
export type Opened =
  | { to: 'form'; link: GuestLink }
  | { to: 'place'; place: Place }
  | { to: 'nowhere'; why: Why };

const WHY = ['left', 'visit_over', 'declined', 'revoked', 'used', 'expired', 'wrong'] as const;
export type Why = (typeof WHY)[number];

/** Opens a link without using it, and goes in where this browser has been in before. */
export async function openLink(slug: string, token: string): Promise<Opened> {
  try {
    const link = await take(
      api.POST('/api/clinics/{slug}/guest-link', { params: { path: { slug } }, body: { token } }),
    );
    if (!link.entered) return { to: 'form', link };
    return { to: 'place', place: await enter(slug, token, link.name ?? '') };
  } catch (error) {
    const why = whyNot(error);
    if (!why) throw error;
    return { to: 'nowhere', why };
  }
}

/** Comes in as a guest. Whoever was signed in here before is not any more. */
export async function enter(slug: string, token: string, name: string): Promise<Place> {
  speakFor(null);
  return take(
    api.POST('/api/clinics/{slug}/guest-link/enter', {
      params: { path: { slug } },
      body: { token, name, agrees: true },
    }),
  );
}

/** What is wrong with a link, in the words of the page; null for what passes or nobody expected. */
export function whyNot(error: unknown): Why | null {
  if (!(error instanceof ApiProblem)) return null;
  // A link that was cut short is not even of the right length.
  if (error.status === 422 && error.fields.every(({ path }) => path === 'token')) return 'wrong';
  if (error.code === 'guest_link_over') {
    return WHY.find((why) => why === error.data.status) ?? 'revoked';
  }
  const found = /^guest_link_(\w+)$/.exec(error.code)?.[1];
  return WHY.find((why) => why === found) ?? null;
}
