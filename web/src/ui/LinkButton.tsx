import { Button, type ButtonProps } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface LinkButtonProps extends ButtonProps {
  to: string;
  params?: Record<string, string>;
  children: ReactNode;
}

/** A button that leads to another page of the app: a link to the keyboard and to screen readers. */
export function LinkButton({ to, params = {}, ...button }: LinkButtonProps) {
  return <Button {...button} renderRoot={(props) => <Link {...props} to={to} params={params} />} />;
}
