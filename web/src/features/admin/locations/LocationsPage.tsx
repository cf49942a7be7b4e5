import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { readablePhone } from '@/lib/phone';
import { zoneName } from '@/lib/time/zoneName';
import { QueryState } from '@/ui/states/QueryState';
import { AdminPage } from '../AdminPage';
import classes from '../AdminPage.module.css';
import { OrderedList } from '../OrderedList';
import { LocationDialog } from './LocationDialog';
import { LOCATIONS, type Location, type Locations, nameOf, useOrder } from './locations';

/** The places of the clinic: each with what it has of its own, retired and put in order. */
export default function LocationsPage() {
  const t = useTranslations('admin.locations');
  const [editing, setEditing] = useState<Location | 'new' | null>(null);
  const query = useQuery({
    queryKey: LOCATIONS,
    queryFn: () => take(api.GET('/api/admin/locations')),
  });
  return (
    <AdminPage
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEditing('new')}>
          {t('add')}
        </Button>
      }
    >
      <QueryState of={query}>
        {(list) => (
          <>
            <LocationList list={list} onEdit={setEditing} />
            {editing && (
              <LocationDialog
                list={list}
                location={editing === 'new' ? null : editing}
                onClose={() => setEditing(null)}
              />
            )}
          </>
        )}
      </QueryState>
    </AdminPage>
  );
}

interface LocationListProps {
  list: Locations;
  onEdit: (location: Location) => void;
}

function LocationList({ list, onEdit }: LocationListProps) {
  return (
    <OrderedList
      rows={list.locations}
      order={useOrder()}
      nameOf={(location) => nameOf(location, list)}
      about={(location) => <About location={location} list={list} />}
      onEdit={onEdit}
    />
  );
}

/** What tells a location apart: where it is, by which clock, and how to call it. */
function About({ location, list: { clinic } }: { location: Location; list: Locations }) {
  const locale = useCurrentLocale();
  const { city, state } = location.address ?? clinic.address ?? {};
  const place = [city, state].filter(Boolean).join(', ');
  const zone = zoneName(location.time_zone || clinic.time_zone, locale);
  const phone = readablePhone(location.phone || clinic.phone);
  return <span className={classes.quiet}>{[place, zone, phone].filter(Boolean).join(' · ')}</span>;
}
