import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { ErrorText } from '@/lib/errors/ErrorText';
import { FormProblem } from '@/lib/errors/FormProblem';
import { usePerson } from '@/lib/session/session';
import { SavedAt } from '@/ui/marks/SavedAt';
import { usePageTitle } from '@/ui/page/usePageTitle';
import type { IntakeStore, State } from '../draft/store';
import { FormContext } from '../form';
import type { Intake } from '../model';
import type { RedFlags } from '../rules/redFlags';
import { EmergencyScreen } from './EmergencyScreen';
import classes from './Flow.module.css';
import { ProgressThread } from './ProgressThread';
import { StepBody } from './StepBody';
import type { Step } from './steps';
import { useFlow } from './useFlow';

interface FlowProps {
  intake: Intake;
  redFlags: RedFlags;
  store: IntakeStore;
  state: State;
}

const LONG_TITLE = 60;

/** The screens of the intake, with the emergency screen over them when an answer calls for it. */
export function Flow({ intake, redFlags, store, state }: FlowProps) {
  const t = useTranslations('intake');
  const flow = useFlow({ intake, redFlags, store, state });
  const { steps, at, step, form } = flow;
  const forOther = Boolean(usePerson().relationship);
  usePageTitle(t('tab'));

  const titleOf = ({ id, group, asks }: Step): string => {
    if (group) return group.text[form.language];
    if (asks) return t('ask.title');
    if (id === 'identity' && forOther) return t('identity.titleOf', { name: intake.person.name });
    return t(`${id as 'review'}.title`);
  };

  if (flow.warning.length > 0) {
    return (
      <EmergencyScreen
        flags={flow.warning}
        numbers={state.numbers}
        language={form.language}
        told={flow.clinicTold}
        onContinue={flow.acknowledge}
      />
    );
  }

  const title = titleOf(step);
  const last = step.id === 'review';
  return (
    <FormContext value={form}>
      <form
        ref={flow.formRef}
        className={classes.flow}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void (last ? flow.send() : flow.next());
        }}
      >
        <ProgressThread steps={steps} at={at} />
        <header>
          <h1
            ref={flow.headingRef}
            tabIndex={-1}
            data-page-heading
            className={classes.title}
            data-long={title.length > LONG_TITLE || undefined}
          >
            {title}
          </h1>
          {step.asks && <p className={classes.lead}>{t('ask.lead')}</p>}
          {t.has(`${step.id as 'review'}.lead`) && (
            <p className={classes.lead}>
              {t(`${step.id as 'review'}.lead`, { clinic: intake.clinic_name })}
            </p>
          )}
        </header>
        <StepBody intake={intake} flow={flow} titleOf={titleOf} />
        {last && flow.faulty.size > 0 && (
          <p className={classes.problem} role="alert">
            <ErrorText code="invalid" />
          </p>
        )}
        <FormProblem of={flow.problem} />
        <footer className={classes.foot}>
          <Button type="submit" loading={flow.busy} className={classes.next ?? ''}>
            {t(last ? 'review.send' : 'next')}
          </Button>
          {at > 0 && (
            <Button variant="subtle" onClick={flow.back} className={classes.back ?? ''}>
              {t('back')}
            </Button>
          )}
          <span className={classes.saved}>
            <SavedAt saving={state.saving} />
          </span>
        </footer>
      </form>
    </FormContext>
  );
}
