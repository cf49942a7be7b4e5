import { Alert } from '@mantine/core';
import { IconShieldHalf } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { confirmationsQuery } from '@/lib/session/stepUp/confirmations';
import { LinkButton } from '@/ui/links/LinkButton';

/** Who signs nothing until a second person has confirmed a change to their account. */
export function WaitingPeople() {
  const t = useTranslations('admin.people');
  const { data } = useQuery(confirmationsQuery);
  if (!data?.length) return null;
  const names = data.map(({ name }) => name).join(', ');
  return (
    <Alert
      color="ochre"
      role="status"
      icon={<IconShieldHalf aria-hidden />}
      title={t('waitingTitle', { count: data.length })}
    >
      {names}{' '}
      <LinkButton to="/confirmations" variant="default" size="compact-sm">
        {t('waitingLook')}
      </LinkButton>
    </Alert>
  );
}
