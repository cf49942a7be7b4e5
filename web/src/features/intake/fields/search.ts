import { api, take } from '@/lib/api/client';
import type { Suggestion } from './SuggestField';

/** A medicine of the formulary, with its RxNorm code. */
export interface MedicineFound extends Suggestion {
  rxcui: string | null;
}

export async function searchMedicines(words: string): Promise<MedicineFound[]> {
  const { items } = await take(api.GET('/api/drugs', { params: { query: { q: words } } }));
  return items.map(({ id, title, brand, rxcui }) => ({
    id,
    name: title,
    rxcui: rxcui ?? null,
    ...(brand && { detail: brand }),
  }));
}

export async function searchPharmacies(words: string): Promise<Suggestion[]> {
  const { items } = await take(api.GET('/api/pharmacies', { params: { query: { q: words } } }));
  return items.map(({ id, name, line, city, state, zip }) => ({
    id,
    name,
    detail: `${line}, ${city}, ${state} ${zip}`,
  }));
}
