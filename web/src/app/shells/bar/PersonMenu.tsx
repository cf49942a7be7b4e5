import { ActionIcon, Menu } from '@mantine/core';
import { IconDevices, IconEye, IconLogout, IconUserCog } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useSignOut } from '@/lib/session/ending';
import { isPatient, usePerson } from '@/lib/session/session';
import { MenuLink } from '@/ui/links/MenuLink';
import { Initials } from '@/ui/person/PersonName';

/** Who is signed in, and the ways out. */
export function PersonMenu() {
  const t = useTranslations('profile/menu');
  const person = usePerson();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={260} radius="md">
      <Menu.Target>
        <ActionIcon
          variant="transparent"
          size={44}
          radius="xl"
          aria-label={t('account', { name: person.name })}
        >
          <Initials name={person.name} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{person.name}</Menu.Label>
        {isPatient(person) && (
          <MenuLink to="/record/access" leftSection={<IconEye size={18} />}>
            {t('accesses')}
          </MenuLink>
        )}
        <MenuLink
          to={isPatient(person) ? '/profile' : '/account'}
          leftSection={<IconUserCog size={18} />}
        >
          {t('profile')}
        </MenuLink>
        <Menu.Item leftSection={<IconLogout size={18} />} onClick={() => signOut('chosen')}>
          {t('signOut')}
        </Menu.Item>
        <Menu.Item leftSection={<IconDevices size={18} />} onClick={() => signOut('everywhere')}>
          {t('signOutEverywhere')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
