import { Card, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatShare } from '../../../src/sentences/format-share.ts';
import { useSayText } from '../../components/saying.tsx';
import type { Decision, RuleTrial } from '../../data/api-types.ts';
import classes from './rules-card.module.css';

/** So many are read at a glance; more are folded. */
const FEW = 6;

/** The rules in their order, up to the one that fires, and why the ones before it do not. */
export function RulesCard({ rules, decision }: { rules: readonly RuleTrial[]; decision: Decision }) {
  const { t } = useTranslation();
  const last = rules.at(-1);
  const fires = last?.matches === true ? last : null;
  const others = fires === null ? rules : rules.slice(0, -1);
  return (
    <Card withBorder component="section" aria-label={t('try.rules')}>
      <Title order={2} size="h5" mb="xs">
        {t('try.rules')}
      </Title>
      {rules.length === 0 && <Text size="sm">{t('try.noRules')}</Text>}
      {fires !== null && (
        <p className={classes.fires}>
          <strong>{fires.name}</strong>
          <span>{t('try.firesAt', { place: rules.length })}</span>
        </p>
      )}
      {fires === null && rules.length > 0 && (
        <Text size="sm" mb="xs">
          {t('try.noneFires', { team: decision.team })}
        </Text>
      )}
      {others.length > 0 && (
        <details className={classes.others} open={others.length <= FEW}>
          <summary>{t('try.othersDoNot', { count: others.length })}</summary>
          <ol className={classes.rules}>
            {others.map((rule) => (
              <li key={rule.name}>
                <Text fw={600} size="sm">
                  {rule.name}
                </Text>
                <Reasons rule={rule} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </Card>
  );
}

function Reasons({ rule }: { rule: RuleTrial }) {
  const { t } = useTranslation();
  const sayText = useSayText();
  if (rule.passedOver !== null) {
    return (
      <Text size="xs" c="dimmed">
        {t('try.passedOver', { why: sayText({ text: rule.passedOver, facts: rule.passedOverFacts }) })}
      </Text>
    );
  }
  return (
    <Stack gap={0}>
      {rule.checks
        .filter(({ matches }) => !matches)
        .map((check) => (
          <Text key={check.field} size="xs" c="dimmed">
            <Reason check={check} />
          </Text>
        ))}
    </Stack>
  );
}

function Reason({ check }: { check: RuleTrial['checks'][number] }) {
  const { t, i18n } = useTranslation();
  const { field, wanted, found } = check;
  const list = wanted.join(t('try.or'));
  const name = i18n.exists(`ruleField.${field}`) ? t(`ruleField.${field as 'tier'}`) : field;
  if (field === 'text') return t('try.reason.text', { wanted: list });
  if (field === 'minConfidence' || field === 'maxConfidence') {
    const share = (value: string | null) => formatShare(Number(value), i18n.language);
    return t(`try.bound.${field}`, { wanted: share(list), found: share(found) });
  }
  return found === null
    ? t('try.reason.unknown', { field: name, wanted: list })
    : t('try.reason.other', { field: name, wanted: list, found });
}
