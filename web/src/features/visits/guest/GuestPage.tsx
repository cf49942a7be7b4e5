import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { suggestLocale } from '@/lib/i18n/locale';
import { useParam } from '@/lib/routing/useParam';
import { sessionQuery } from '@/lib/session/session';
import { Page } from '@/ui/page/Page';
import { PageState } from '@/ui/states/PageState';
import { EnterForm } from './EnterForm';
import { InVisit } from './InVisit';
import { type Opened, openLink, type Place, type Why } from './link';

/** Where a guest's link leads. Its secret is after the `#`, and stays there: a reload is the same guest. */
export default function GuestPage() {
  const slug = useParam('slug');
  const hash = useLocation({ select: (location) => location.hash });
  const [token, setToken] = useState(hash);
  if (hash && hash !== token) setToken(hash);
  const opened = useQuery({
    queryKey: ['guest-link', slug, token],
    queryFn: () => openLink(slug, token),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <PageState of={opened}>
      {(found) => <Guest key={token} slug={slug} token={token} opened={found} />}
    </PageState>
  );
}

interface GuestProps {
  slug: string;
  token: string;
  opened: Opened;
}

function Guest({ slug, token, opened }: GuestProps) {
  const client = useQueryClient();
  const [entered, setEntered] = useState<Place | null>(opened.to === 'place' ? opened.place : null);
  const [over, setOver] = useState<Why | null>(opened.to === 'nowhere' ? opened.why : null);
  const [after, setAfter] = useState<number | null>(null);
  const language = opened.to === 'form' ? opened.link.language : null;
  useEffect(() => {
    if (language) void suggestLocale(language);
  }, [language]);
  useEffect(() => {
    if (!entered) return;
    // The pages of this tab speak for the guest from here on.
    void client
      .fetchQuery({ ...sessionQuery, staleTime: 0 })
      .then((session) => setAfter(session?.live_after ?? 0));
  }, [entered, client]);

  if (over) return <Over why={over} />;
  if (entered && after !== null)
    return <InVisit slug={slug} token={token} first={entered} after={after} onOver={setOver} />;
  if (opened.to !== 'form' || entered) return null;
  return (
    <EnterForm
      slug={slug}
      token={token}
      link={opened.link}
      onEntered={setEntered}
      onOver={setOver}
    />
  );
}

function Over({ why }: { why: Why }) {
  const t = useTranslations('visits/guest.over');
  const tab = useTranslations('visits/guest');
  return (
    <Page title={t(why)} tabTitle={tab('tab')} lead={t(`${why}Hint`)}>
      {null}
    </Page>
  );
}
