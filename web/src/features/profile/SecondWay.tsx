import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { LinkButton } from '@/ui/links/LinkButton';
import classes from './AccountNotices.module.css';
import { useProfile } from './profile';

/** Nothing is kept on the device: whoever says no is asked again next time they open the application. */
let notNow = false;

/** Whoever depends on one number is offered another way in, until they have one or say no. */
export function SecondWay() {
  const t = useTranslations('profile.secondWay');
  const { data: profile } = useProfile();
  const [declined, setDeclined] = useState(notNow);
  if (declined || !profile || (profile.phone && profile.email) || profile.security.passkeys > 0) {
    return null;
  }
  const decline = () => {
    notNow = true;
    setDeclined(true);
  };
  return (
    <section className={classes.offer} aria-label={t('title')}>
      <Text fw={600}>{t('title')}</Text>
      <Text>{t(profile.phone ? 'leadPhone' : 'leadEmail')}</Text>
      <Group gap="sm">
        <LinkButton to="/profile" variant="default">
          {t('add')}
        </LinkButton>
        <Button variant="subtle" onClick={decline}>
          {t('notNow')}
        </Button>
      </Group>
    </section>
  );
}
