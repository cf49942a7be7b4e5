import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { useMay } from '@/lib/session/session';
import { ListSkeleton } from '@/ui/states/Skeletons';
import { PhoneLink } from './PhoneLink';

/** A part of a page that comes by itself, with its words. */
const part = <Props,>(load: () => Promise<{ default: ComponentType<Props> }>) =>
  lazy(async () => (await Promise.all([load(), catalogues.load('directory')]))[0]);

const Contacts = part(() => import('./Contacts'));
const Identifiers = part(() => import('./Identifiers'));
const NoMessage = part(() => import('./NoMessage'));
const Phones = part(() => import('./Phones'));

interface PanelProps {
  patientId: string;
}

/** How to reach a patient, for whoever may know. */
export function ContactsPanel({ patientId }: PanelProps) {
  if (!useMay()('contact.read')) return null;
  return <Arriving>{<Contacts patientId={patientId} />}</Arriving>;
}

/** What others know a patient by, for whoever may know. */
export function IdentifiersPanel({ patientId }: PanelProps) {
  if (!useMay()('identifier.read')) return null;
  return <Arriving>{<Identifiers patientId={patientId} />}</Arriving>;
}

/** The patient's telephones to call, with what to mind; until they are there, the one that is known already. */
export function PhonesPanel({ patientId, known }: PanelProps & { known: string | null }) {
  return (
    <Suspense fallback={<PhoneLink phone={known} />}>
      <Phones patientId={patientId} known={known} />
    </Suspense>
  );
}

/** Beside a telephone of the patient's to call: whether a message may be left there. */
export function NoMessageMark({ patientId, phone }: PanelProps & { phone: string }) {
  return (
    <Suspense fallback={null}>
      <NoMessage patientId={patientId} phone={phone} />
    </Suspense>
  );
}

function Arriving({ children }: { children: ReactNode }) {
  return <Suspense fallback={<ListSkeleton />}>{children}</Suspense>;
}
