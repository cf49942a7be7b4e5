import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { outbox } from '@/lib/outbox/device';
import type { RedFlagAnswer } from '@/lib/outbox/messages';
import { redFlagsQuery } from '@/lib/redFlags/query';
import { usePerson } from '@/lib/session/session';
import { HelpLines } from '@/ui/help/HelpLines';
import { QuickExit } from '@/ui/help/QuickExit';
import { TellClinic } from './TellClinic';
import classes from './UrgentAsk.module.css';

/** More questions than these would not be read by somebody in distress. */
const MAX_QUESTIONS = 2;

/**
 * Asks the writer of a message what their words call for, as the intake does: a message may lie for hours.
 * A yes says at once whom to call, and the clinic hears of it, even if the message is never sent.
 */
export function UrgentAsk({ text, threadId }: { text: string; threadId: string | null }) {
  const t = useTranslations('help');
  const language = useCurrentLocale();
  const { clinic } = usePerson();
  const { data } = useQuery(redFlagsQuery);
  const [answers, setAnswers] = useState<Readonly<Record<string, boolean>>>({});
  const box = useRef<HTMLElement>(null);
  const answered = useGoOn(box);
  const written = useDeferredValue(text);
  const spokenOf = useMemo(
    () => (data ? data.mentioned([written], []) : new Set<string>()),
    [data, written],
  );
  if (!data) return null;

  const called = data.rules.filter((rule) => spokenOf.has(rule.id));
  const open = called.filter((rule) => answers[rule.id] === undefined).slice(0, MAX_QUESTIONS);
  const said = called.filter((rule) => answers[rule.id]);
  if (open.length === 0 && said.length === 0) return null;
  const watched = said.some(({ line }) => line === 'violence' || line === 'assault');
  const numbers = { ...data.numbers, emergency: clinic.emergency_number };
  return (
    <section ref={box} className={classes.ask} role="alert" aria-label={t('ask')}>
      {watched && <QuickExit />}
      {said.map((rule) => (
        <div key={rule.id}>
          <strong>{rule.title[language]}</strong>
          <p>{rule.advice[language]}</p>
        </div>
      ))}
      {said.length > 0 && <HelpLines flags={said} numbers={numbers} />}
      {said.length > 0 && <TellClinic rules={said.map(({ id }) => id)} />}
      {open.map((rule) => (
        <fieldset key={rule.id} className={classes.question}>
          <legend>{rule.ask[language]}</legend>
          {([true, false] as const).map((yes) => (
            <Button
              key={String(yes)}
              type="button"
              variant="default"
              onClick={({ currentTarget }) => {
                answered(yes, currentTarget.form);
                setAnswers({ ...answers, [rule.id]: yes });
                void outbox.add<RedFlagAnswer>({ kind: 'red_flag', rule: rule.id, yes, threadId });
              }}
            >
              {t(yes ? 'yes' : 'no')}
            </Button>
          ))}
        </fieldset>
      ))}
    </section>
  );
}

/**
 * After a yes the keyboard goes to the number to call, which comes into sight: it may lie beneath the frame's
 * navigation. After a no it goes to the next question, or back to what was being written.
 */
function useGoOn(box: RefObject<HTMLElement | null>) {
  const last = useRef<{ yes: boolean; form: HTMLFormElement | null } | null>(null);
  useEffect(() => {
    if (!last.current) return;
    const { yes, form } = last.current;
    last.current = null;
    const next =
      box.current?.querySelector<HTMLElement>(yes ? 'a[href^="tel:"]' : 'fieldset button') ??
      form?.querySelector('textarea');
    next?.focus();
    next?.scrollIntoView?.({ block: 'center' });
  });
  return (yes: boolean, form: HTMLFormElement | null) => {
    last.current = { yes, form };
  };
}
