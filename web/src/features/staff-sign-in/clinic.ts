import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useParam } from '@/lib/routing/useParam';
import { rememberClinic } from '@/lib/session/session';

export type Clinic = components['schemas']['ClinicPage'];
export type Step = components['schemas']['StaffStep'];

/** The clinic of this page's address. */
export function useClinic() {
  const slug = useParam('slug');
  const query = useQuery({
    queryKey: ['clinic', slug],
    queryFn: () => take(api.GET('/api/clinics/{slug}', { params: { path: { slug } } })),
  });
  const found = query.data?.slug;
  useEffect(() => {
    if (found) rememberClinic(found);
  }, [found]);
  return query;
}
