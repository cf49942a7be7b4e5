import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useParam } from '@/lib/routing/useParam';
import { rememberClinic } from '@/lib/session/session';

export type Clinic = components['schemas']['ClinicPage'];

const clinicQuery = (slug: string) =>
  queryOptions({
    queryKey: ['clinic', slug],
    queryFn: () => take(api.GET('/api/clinics/{slug}', { params: { path: { slug } } })),
  });

/** The clinic of this page's address. From now on it is the one that this browser goes to. */
export function useClinic() {
  const slug = useParam('slug');
  const query = useQuery(clinicQuery(slug));
  const found = query.data?.slug;
  useEffect(() => {
    if (found) rememberClinic(found);
  }, [found]);
  return query;
}
