import { dialLink, readablePhone } from '@/lib/phone';
import { usePerson } from '@/lib/session/session';
import type { Visit } from '../model';

/** The clinic's location that a visit belongs to, and how to call it. */
export function PlaceLine({ place }: { place: NonNullable<Visit['place']> }) {
  const { clinic } = usePerson();
  const phone = place.phone ?? clinic.phone;
  return (
    <p>
      {place.name ?? clinic.name}
      {phone && (
        <>
          {' · '}
          <a href={dialLink(phone)}>{readablePhone(phone)}</a>
        </>
      )}
    </p>
  );
}
