import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Role, roles } from '../../data/me.ts';

/** One of the roles. `isExplained` says below what it may do. */
export function RoleSelect(props: {
  label: string;
  value: Role;
  isDisabled?: boolean;
  isExplained?: boolean;
  onChange: (role: Role) => void;
}) {
  const { label, value, isDisabled = false, isExplained = false, onChange } = props;
  const { t } = useTranslation();
  return (
    <NativeSelect
      {...(isExplained ? { label, description: t(`roleMay.${value}`) } : { 'aria-label': label, size: 'xs' })}
      value={value}
      disabled={isDisabled}
      onChange={(event) => onChange(event.currentTarget.value as Role)}
      data={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
    />
  );
}
