import {
  Alert,
  Button,
  Checkbox,
  Modal,
  MultiSelect,
  NativeSelect,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { NameFields } from '@/lib/person/NameFields';
import { NO_NAME, nameChecks, nameOf } from '@/lib/person/name';
import { STATE_CHOICES } from '@/lib/states';
import { showToast } from '@/ui/toasts/toast';
import classes from '../AdminPage.module.css';
import { HandOver } from './HandOver';
import { PersonActions } from './PersonActions';
import { type Invited, linkOf, PEOPLE, type Person, ROLES, type Role } from './people';

type Typed = components['schemas']['PersonForm'];

const EMPTY: Required<Typed> = {
  ...NO_NAME,
  email: '',
  roles: [],
  locale: 'en',
  title: '',
  credentials: '',
  npi: '',
  dea: '',
  licences: [],
};

interface PersonDialogProps {
  /** Null to invite somebody new. */
  person: Person | null;
  onClose: () => void;
}

/** Somebody's particulars and roles; for people who are here already also what can be done with them. */
export function PersonDialog({ person, onClose }: PersonDialogProps) {
  const t = useTranslations('admin.people');
  const [invited, setInvited] = useState<Person | Invited | null>(null);
  const link = invited && linkOf(invited);
  const save = useAction({
    run: (body: Typed, init) =>
      person
        ? take(
            api.PUT('/api/admin/people/{account_id}', {
              params: { path: { account_id: person.id } },
              body: { ...body, version: person.version },
              ...init,
            }),
          )
        : take(api.POST('/api/admin/people', { body, ...init })),
    invalidates: [PEOPLE],
  });
  const form = useKeptForm(`admin.person.${person?.id ?? 'new'}`, {
    initialValues: person ? typedOf(person) : EMPTY,
    checks: ({ email, roles, ...name }) => ({
      ...nameChecks(name),
      email: !email.trim() && 'required',
      roles: !roles.length && 'roles_required',
    }),
    submit: async (typed) => {
      const saved = await save.mutateAsync(typed);
      if (linkOf(saved)) return setInvited(saved);
      showToast({ text: person ? t('saved') : t('invited', { email: typed.email }) });
      onClose();
    },
  });
  if (invited && link) {
    return (
      <Modal
        opened
        size="lg"
        onClose={onClose}
        title={invited.name}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <HandOver name={invited.name} link={link} onDone={onClose} />
      </Modal>
    );
  }
  const clinician = form.values.roles.includes('clinician');
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={person ? person.name : t('invite')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form {...form.props}>
        <Stack>
          {person?.name_guessed && (
            <Alert color="yellow">{t('nameGuessed', { name: person.name })}</Alert>
          )}
          <NameFields form={form} label={(part) => t(`nameParts.${part}`)} />
          <TextInput label={t('email')} type="email" maxLength={200} {...form.field('email')} />
          <Checkbox.Group
            label={t('roles.label')}
            description={person?.myself ? t('ownRoles') : t('rolesHint')}
            {...form.field('roles')}
          >
            <Stack gap="xs" pt="xs">
              {ROLES.map((role: Role) => (
                <Checkbox
                  key={role}
                  value={role}
                  label={t(`roles.${role}`)}
                  description={t(`roleHints.${role}`)}
                  disabled={person?.myself ?? false}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <div className={classes.pair}>
            <TextInput
              label={t('jobTitle')}
              description={t('jobTitleHint')}
              maxLength={60}
              {...form.field('title')}
            />
            <TextInput
              label={t('credentials')}
              description={t('credentialsHint')}
              maxLength={60}
              {...form.field('credentials')}
            />
          </div>
          {clinician && (
            <>
              <div className={classes.pair}>
                <TextInput
                  label={t('npi')}
                  inputMode="numeric"
                  maxLength={10}
                  {...form.field('npi')}
                />
                <TextInput label={t('dea')} maxLength={9} {...form.field('dea')} />
              </div>
              <MultiSelect
                label={t('licences')}
                description={t('licencesHint')}
                data={STATE_CHOICES}
                searchable
                {...form.field('licences')}
              />
            </>
          )}
          <NativeSelect
            label={t('language')}
            data={[
              { value: 'en', label: 'English' },
              { value: 'es', label: 'Español' },
            ]}
            {...form.field('locale')}
          />
          {clinician || form.values.roles.includes('admin') ? (
            <Text c="dimmed" size="sm">
              {t('guarded')}
            </Text>
          ) : null}
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending}>
            {person ? t('save') : t('sendInvite')}
          </Button>
        </Stack>
      </form>
      {person && !person.myself && (
        <PersonActions person={person} onInvited={setInvited} onDone={onClose} />
      )}
    </Modal>
  );
}

function typedOf(person: Person): Required<Typed> {
  return {
    ...nameOf(person),
    email: person.email,
    roles: person.roles as Role[],
    locale: person.locale === 'es' ? 'es' : 'en',
    title: person.title,
    credentials: person.credentials,
    npi: person.npi,
    dea: person.dea,
    licences: person.licences,
  };
}
