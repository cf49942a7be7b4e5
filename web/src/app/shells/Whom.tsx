import type { ReactNode } from 'react';
import type { Session } from '@/lib/session/session';
import { ForWhom } from './ForWhom';
import { WhoFor } from './WhoFor';

interface WhomProps {
  /** Who has yet to say for whom they are here. */
  choosing?: Session;
  children?: ReactNode;
}

/** For whoever may act for somebody else, in one file: the choice, and what every page says after it. */
export default function Whom({ choosing, children }: WhomProps) {
  return choosing ? <WhoFor session={choosing} /> : <ForWhom>{children}</ForWhom>;
}
