import { Button, Checkbox, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { AddressFields } from '@/lib/person/AddressFields';
import { ADDRESS_PATHS, addressOf, typedAddress } from '@/lib/person/address';
import { readablePhone } from '@/lib/phone';
import { timeZones } from '@/lib/time/zones';
import { showToast } from '@/ui/toasts/toast';
import classes from '../AdminPage.module.css';
import { HoursFields } from '../clinic/HoursFields';
import { ClosedDays } from './ClosedDays';
import { LOCATIONS, type Location, type LocationForm, type Locations, nameOf } from './locations';

interface LocationDialogProps {
  list: Locations;
  /** Null to add a new one. */
  location: Location | null;
  onClose: () => void;
}

/** One location. What it leaves empty, it has as the clinic has it, which the empty fields show. */
export function LocationDialog({ list, location, onClose }: LocationDialogProps) {
  const t = useTranslations('admin.locations');
  const { clinic } = list;
  const save = useAction({
    run: (body: LocationForm, init) =>
      location
        ? take(
            api.PUT('/api/admin/locations/{location_id}', {
              params: { path: { location_id: location.id } },
              body: { ...body, version: location.version },
              ...init,
            }),
          )
        : take(api.POST('/api/admin/locations', { body, ...init })),
    invalidates: [LOCATIONS, ['locations'], ['hours'], ['slots']],
  });
  const form = useKeptForm(`admin.location.${location?.id ?? 'new'}`, {
    initialValues: typedOf(location),
    checks: ({ name, closed_days }) => ({
      name: !location && !name.trim() && 'required',
      ...Object.fromEntries(
        closed_days.flatMap(({ day, name }, place) => [
          [`closed_days.${place}.day`, !day && 'required'],
          [`closed_days.${place}.name`, !name.trim() && 'required'],
        ]),
      ),
    }),
    submit: async ({ address, ...typed }) => {
      await save.mutateAsync({ ...typed, address: typedAddress(address) });
      showToast({ text: t('saved') });
      onClose();
    },
    paths: ADDRESS_PATHS,
  });
  const own = form.values.hours !== null;
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={location ? nameOf(location, list) : t('add')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form {...form.props}>
        <Stack>
          <div className={classes.pair}>
            <TextInput
              label={t('name')}
              placeholder={location ? clinic.name : ''}
              maxLength={120}
              {...form.field('name')}
            />
            <ZoneField form={form} clinic={clinic} />
            <TextInput
              label={t('phone')}
              type="tel"
              placeholder={readablePhone(clinic.phone)}
              maxLength={30}
              {...form.field('phone')}
            />
            <TextInput
              label={t('emergencyNumber')}
              type="tel"
              placeholder={readablePhone(clinic.emergency_number)}
              maxLength={20}
              {...form.field('emergency_number')}
            />
            <TextInput label={t('npi')} inputMode="numeric" maxLength={10} {...form.field('npi')} />
          </div>
          <fieldset className={classes.group}>
            <legend>{t('address')}</legend>
            <p className={classes.quiet}>{t('addressHint')}</p>
            <AddressFields form={form} label={(part) => t(`addressParts.${part}`)} />
          </fieldset>
          <fieldset className={classes.group}>
            <legend>{t('hours')}</legend>
            <Checkbox
              label={t('ownHours')}
              checked={own}
              onChange={(event) =>
                form.set('hours', event.currentTarget.checked ? clinic.hours : null)
              }
            />
            {form.values.hours && (
              <HoursFields
                hours={form.values.hours}
                onHours={(hours) => form.set('hours', hours)}
                errorAt={(path) => form.field(path).error}
              />
            )}
          </fieldset>
          <ClosedDays form={form} />
          {location && (
            <Checkbox
              label={t('retire')}
              description={t('retireHint')}
              {...form.field('retired', { type: 'checkbox' })}
            />
          )}
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending}>
            {t('save')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

interface ZoneFieldProps {
  form: ReturnType<typeof useKeptForm<ReturnType<typeof typedOf>>>;
  clinic: Locations['clinic'];
}

function ZoneField({ form, clinic }: ZoneFieldProps) {
  const t = useTranslations('admin.locations');
  const locale = useCurrentLocale();
  const zones = timeZones(form.values.time_zone || clinic.time_zone, locale);
  const clinics = zones.find(({ value }) => value === clinic.time_zone)?.label ?? clinic.time_zone;
  return (
    <NativeSelect
      label={t('timeZone')}
      data={[{ value: '', label: t('asClinic') }, ...zones]}
      description={form.values.time_zone ? undefined : clinics}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      {...form.field('time_zone')}
    />
  );
}

function typedOf(location: Location | null) {
  return {
    name: location?.name ?? '',
    time_zone: location?.time_zone ?? '',
    phone: readablePhone(location?.phone ?? ''),
    emergency_number: readablePhone(location?.emergency_number ?? ''),
    npi: location?.npi ?? '',
    address: addressOf(location?.address),
    hours: location?.hours ?? null,
    closed_days: location?.closed_days ?? [],
    retired: location?.retired ?? false,
  };
}
