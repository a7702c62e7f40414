import type { FormErrors, UseFormReturnType } from '@mantine/form';

/** Takes whoever submitted a form to its first field that is not right, which may be far up the page. */
export function focusFirst<Values>(form: UseFormReturnType<Values>) {
  return (errors: FormErrors) => {
    const [first] = Object.keys(errors);
    const field = first === undefined ? null : form.getInputNode(first);
    // The page's header covers what is at the very top.
    field?.scrollIntoView({ block: 'center' });
    field?.focus({ preventScroll: true });
  };
}
