import { dialLink, readablePhone } from '@/lib/phone';
import { usePerson } from '@/lib/session/session';
import type { Visit } from '../model';

/** The clinic's location that a visit belongs to, and how to call it. */
export function LocationLine({ location }: { location: NonNullable<Visit['clinic_location']> }) {
  const { clinic } = usePerson();
  const phone = location.phone ?? clinic.phone;
  return (
    <p>
      {location.name ?? clinic.name}
      {phone && (
        <>
          {' · '}
          <a href={dialLink(phone)}>{readablePhone(phone)}</a>
        </>
      )}
    </p>
  );
}
