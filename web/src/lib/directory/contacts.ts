import { queryOptions } from '@tanstack/react-query';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { readablePhone } from '@/lib/phone';

export type Contact = components['schemas']['ContactOut'];
export type ContactForm = components['schemas']['ContactForm'];
export type ContactKind = ContactForm['kind'];

export const KINDS = ['mobile', 'home', 'work', 'other', 'email'] as const;

const pathOf = (patientId: string) => ({ params: { path: { patient_id: patientId } } });

/** Every way to reach a patient, the preferred first. */
export const contactsQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['contacts', patientId],
    queryFn: () => take(api.GET('/api/patients/{patient_id}/contacts', pathOf(patientId))),
  });

/** As people read it. */
export const shownContact = ({ kind, dialed }: Pick<Contact, 'kind' | 'dialed'>): string =>
  kind === 'email' ? dialed : readablePhone(dialed);

export const isPhone = ({ kind }: Contact): boolean => kind !== 'email';

/** Adds a way to reach the patient, or changes one that has an id. */
export function useKeepContact(patientId: string) {
  return useAction({
    run: ({ contact, form }: { contact: Contact | null; form: ContactForm }, init) =>
      contact?.id
        ? take(
            api.PUT('/api/patients/{patient_id}/contacts/{contact_id}', {
              params: { path: { patient_id: patientId, contact_id: contact.id } },
              body: { ...form, version: contact.version },
              ...init,
            }),
          )
        : take(
            api.POST('/api/patients/{patient_id}/contacts', {
              ...pathOf(patientId),
              body: form,
              ...init,
            }),
          ),
    invalidates: [['contacts', patientId]],
  });
}

export function useEndContact(patientId: string) {
  return useAction({
    run: (contactId: string, init) =>
      take(
        api.DELETE('/api/patients/{patient_id}/contacts/{contact_id}', {
          params: { path: { patient_id: patientId, contact_id: contactId } },
          ...init,
        }),
      ),
    invalidates: [['contacts', patientId]],
  });
}
