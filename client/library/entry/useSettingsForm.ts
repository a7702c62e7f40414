import { schemaResolver, useForm } from '@mantine/form';
import type { z } from 'zod';
import { useUpdateEntry, type EntryChange } from '../../api/entryQueries.ts';
import { fieldErrors } from '../../ui/fieldErrors.ts';
import { focusFirst } from '../../ui/focusFirst.ts';
import { notifyDone } from '../../ui/notify.ts';

interface SettingsFormOptions<Values> {
  readonly saved: Values;
  readonly schema: z.ZodType<Values>;
  /** What of the values is sent. */
  readonly changeOf: (saved: Values, values: Values) => EntryChange;
}

/** A form that changes an entry: the fields' state, what a `<form>` and a `SaveBar` take. */
export function useSettingsForm<Values extends Record<string, unknown>>(
  entryId: string,
  { saved, schema, changeOf }: SettingsFormOptions<Values>,
) {
  const update = useUpdateEntry(entryId);
  const form = useForm<Values>({ initialValues: saved, validate: schemaResolver(schema, { sync: true }) });

  const submit = (values: Values) => {
    update.mutate(changeOf(saved, values), {
      onSuccess: () => {
        form.resetDirty(values);
        form.setInitialValues(values);
        notifyDone('Saved.');
      },
      onError: (error) => form.setErrors(fieldErrors(error) ?? {}),
    });
  };

  return {
    form,
    formProps: { onSubmit: form.onSubmit(submit, focusFirst(form)), noValidate: true },
    saveBarProps: { dirty: form.isDirty(), saving: update.isPending, error: update.error, onReset: form.reset },
  };
}
