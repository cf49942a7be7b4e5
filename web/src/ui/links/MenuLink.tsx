import { Menu, type MenuItemProps } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Destination } from '@/lib/routing/destination';

/** A line of a menu that leads to another page of the app. */
export function MenuLink({ to, params, ...item }: MenuItemProps & Destination) {
  return (
    <Menu.Item {...item} renderRoot={(props) => <Link {...props} to={to} params={params} />} />
  );
}
