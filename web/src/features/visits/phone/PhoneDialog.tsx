import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconPhone } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useErrorText } from '@/lib/errors/useErrorText';
import { pathOf } from '../model';
import { type Phone, phoneKey } from './usePhone';

interface PhoneDialogProps {
  visitId: string;
  phone: Phone;
  onClose: () => void;
}

/** Which two telephones are rung: those on record, shown by their last digits, or others that are typed. */
export function PhoneDialog({ visitId, phone, onClose }: PhoneDialogProps) {
  const t = useTranslations('visits/phone');
  const errorText = useErrorText();
  const [patient, setPatient] = useState('');
  const [own, setOwn] = useState('');
  const begin = useAction({
    run: (numbers: { patient_number: string | null; own_number: string | null }, init) =>
      take(
        api.POST('/api/visits/{visit_id}/phone', { ...pathOf(visitId), body: numbers, ...init }),
      ),
    invalidates: [phoneKey(visitId)],
    onDone: onClose,
  });
  const problem = (path: string) => {
    const found = begin.error?.fields.find((field) => field.path === path);
    return found && errorText(found.code);
  };
  const hint = (number: string | null) => (number ? t('onRecord', { number }) : t('none'));
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          begin.mutate({ patient_number: patient || null, own_number: own || null });
        }}
      >
        <Stack gap="md">
          <Text>{t('explain')}</Text>
          <TextInput
            type="tel"
            label={t('patientNumber')}
            description={hint(phone.patient_number)}
            value={patient}
            error={problem('patient_number')}
            onChange={(event) => setPatient(event.currentTarget.value)}
          />
          <TextInput
            type="tel"
            autoComplete="tel"
            data-autofocus={phone.own_number ? undefined : true}
            label={t('ownNumber')}
            description={hint(phone.own_number)}
            value={own}
            error={problem('own_number')}
            onChange={(event) => setOwn(event.currentTarget.value)}
          />
          <FormProblem of={begin.error && begin.error.fields.length === 0 ? begin.error : null} />
          <Button
            type="submit"
            loading={begin.isPending}
            leftSection={<IconPhone size={18} aria-hidden />}
          >
            {t('ringBoth')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
