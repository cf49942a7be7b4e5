import { useTranslations } from 'use-intl';
import { ContactsPanel, IdentifiersPanel } from '@/lib/directory/panels';
import { useMay, usePerson } from '@/lib/session/session';
import { Page } from '@/ui/page/Page';
import { QueryState } from '@/ui/states/QueryState';
import { AuthenticatorSection } from './AuthenticatorSection';
import { ContactSection } from './ContactSection';
import { DetailsSection } from './DetailsSection';
import { DevicesSection } from './DevicesSection';
import { PasskeysSection } from './PasskeysSection';
import { PasswordSection } from './PasswordSection';
import { useProfile } from './profile';
import { RelatedSection } from './RelatedSection';
import { SessionsSection } from './SessionsSection';

/** Who one is here, how one signs in, and where one is signed in. */
export default function ProfilePage() {
  const t = useTranslations('profile');
  const query = useProfile();
  const may = useMay();
  const { patient_id } = usePerson();
  return (
    <Page title={t('title')}>
      <QueryState of={query}>
        {(profile) => (
          <>
            <DetailsSection profile={profile} />
            {profile.patient && <ContactSection profile={profile} />}
            {patient_id && <ContactsPanel patientId={patient_id} />}
            {patient_id && <IdentifiersPanel patientId={patient_id} />}
            {profile.security.password && <PasswordSection />}
            {profile.staff && <AuthenticatorSection profile={profile} />}
            {profile.security.passkeys_available && <PasskeysSection />}
            {may('record.accesses') && <RelatedSection />}
            {profile.patient && <DevicesSection />}
            <SessionsSection />
          </>
        )}
      </QueryState>
    </Page>
  );
}
