import { useTranslations } from 'use-intl';
import { usePerson } from '@/lib/session/session';
import { Page } from '@/ui/Page';

export default function HomePage() {
  const t = useTranslations('home');
  const person = usePerson();
  return (
    <Page title={t('title', { name: person.name.split(' ')[0] ?? '' })} tabTitle={t('tab')}>
      <p>{person.clinic.name}</p>
    </Page>
  );
}
