import { ActionIcon, Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { readablePhone } from '@/lib/phone';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { QueryState } from '@/ui/states/QueryState';
import { AdminPage } from '../AdminPage';
import classes from '../AdminPage.module.css';
import { moved } from '../order';
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
  const t = useTranslations('admin.locations');
  const order = useOrder();
  const { locations } = list;
  return (
    <>
      <FormProblem of={order.error} />
      <ol className={classes.rows}>
        {locations.map((location, index) => {
          const name = nameOf(location, list);
          const move = (by: -1 | 1) => order.mutate(moved(locations, location.id, by));
          return (
            <li key={location.id} className={classes.row}>
              {locations.length > 1 && (
                <>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="lg"
                    aria-label={t('up', { name })}
                    disabled={index === 0 || order.isPending}
                    onClick={() => move(-1)}
                  >
                    <IconArrowUp size={18} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="lg"
                    aria-label={t('down', { name })}
                    disabled={index === locations.length - 1 || order.isPending}
                    onClick={() => move(1)}
                  >
                    <IconArrowDown size={18} />
                  </ActionIcon>
                </>
              )}
              <span className={classes.rowName}>
                <span>
                  {name}
                  <span className={classes.quiet}>{about(location, list)}</span>
                </span>
                {location.retired && <StatusBadge tone="done">{t('retired')}</StatusBadge>}
              </span>
              <Button
                variant="default"
                aria-label={t('changeNamed', { name })}
                onClick={() => onEdit(location)}
              >
                {t('change')}
              </Button>
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** What tells a location apart: where it is, by which clock, and how to call it. */
function about({ address, time_zone, phone }: Location, { clinic }: Locations): string {
  const { city, state } = address ?? clinic.address ?? {};
  const place = [city, state].filter(Boolean).join(', ');
  const zone = (time_zone || clinic.time_zone).replaceAll('_', ' ');
  return [place, zone, readablePhone(phone || clinic.phone)].filter(Boolean).join(' · ');
}
