import { dialLink, readablePhone } from '@/lib/phone';

/** A telephone to call. */
export const PhoneLink = ({ phone }: { phone: string | null }) =>
  phone && <a href={dialLink(phone)}>{readablePhone(phone)}</a>;
