import { useQueryClient } from '@tanstack/react-query';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type Locations = components['schemas']['AdminLocations'];
export type Location = components['schemas']['AdminLocation'];
export type LocationForm = components['schemas']['LocationForm'];
export type ClosedDay = components['schemas']['ClosedDay'];

export const LOCATIONS = ['admin', 'locations'] as const;

/** Without a name of its own, a location goes by the clinic's. */
export const nameOf = (location: Location, { clinic }: Locations): string =>
  location.name || clinic.name;

/** Sends the new order; the list shows the answer. */
export function useOrder() {
  const client = useQueryClient();
  return useAction({
    run: (locations: Location[], init) =>
      take(
        api.PUT('/api/admin/locations-order', {
          body: { ids: locations.map(({ id }) => id) },
          ...init,
        }),
      ),
    onDone: (list) => void client.setQueryData(LOCATIONS, list),
    onProblem: () => void client.invalidateQueries({ queryKey: LOCATIONS }),
  });
}
