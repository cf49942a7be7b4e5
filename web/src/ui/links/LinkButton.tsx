import { Button, type ButtonProps } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Destination } from '@/lib/routing/destination';

type LinkButtonProps = ButtonProps &
  Destination & {
    /** For a sign-in: where to go on to afterwards. */
    search?: { next: string };
    autoFocus?: boolean;
    children: ReactNode;
  };

/** A button that leads to another page of the app: a link to the keyboard and to screen readers. */
export function LinkButton({ to, params, search, ...button }: LinkButtonProps) {
  return (
    <Button
      {...button}
      renderRoot={(props) => <Link {...props} to={to} params={params} search={search} />}
    />
  );
}
