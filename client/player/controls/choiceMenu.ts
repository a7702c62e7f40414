export interface Choice {
  readonly id: number;
  readonly label: string;
}

/** A button with a pop-up list of radio choices: quality, captions. Hidden while there is nothing to choose. */
export interface ChoiceMenu {
  readonly element: HTMLElement;
  /** `undefined` as `selected` is the first row, named by `automatic`. */
  show(choices: readonly Choice[], selected: number | undefined, automatic: string, summary: string): void;
  onSelect: (id: number | undefined) => void;
}

/** Follows the ARIA menu button pattern: arrows move, Enter or Space choose, Escape closes and returns the focus. */
export function choiceMenu(label: string, name: string): ChoiceMenu {
  const element = document.createElement('div');
  element.className = `tally-menu tally-menu-${name}`;
  element.hidden = true;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'tally-menu-button';
  button.setAttribute('aria-haspopup', 'menu');
  button.setAttribute('aria-expanded', 'false');
  const list = document.createElement('div');
  list.className = 'tally-menu-list';
  list.setAttribute('role', 'menu');
  list.setAttribute('aria-label', label);
  list.hidden = true;
  element.append(button, list);

  const rows = () => [...list.querySelectorAll<HTMLButtonElement>('button')];
  const open = (opened: boolean) => {
    list.hidden = !opened;
    button.setAttribute('aria-expanded', String(opened));
    if (opened) (rows().find((row) => row.ariaChecked === 'true') ?? rows()[0])?.focus();
  };
  button.addEventListener('click', () => open(Boolean(list.hidden)));
  // Rows that are replaced lose the focus and are given it again.
  let replacing = false;
  element.addEventListener('focusout', (event) => {
    if (!replacing && !element.contains(event.relatedTarget as Node | null)) open(false);
  });
  element.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    if (event.key === 'Escape') {
      open(false);
      button.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const all = rows();
      const at = all.indexOf(document.activeElement as HTMLButtonElement) + (event.key === 'ArrowDown' ? 1 : -1);
      all[(at + all.length) % all.length]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  let shown = '';
  const menu: ChoiceMenu = {
    element,
    onSelect: () => undefined,
    show(choices, selected, automatic, summary) {
      const key = JSON.stringify([choices, selected, automatic, summary]);
      if (key === shown) return;
      shown = key;
      element.hidden = choices.length === 0;
      button.textContent = summary;
      button.setAttribute('aria-label', `${label}: ${summary}`);
      const focused = list.contains(document.activeElement);
      replacing = true;
      list.replaceChildren(
        row(automatic, selected === undefined, () => choose(undefined)),
        ...choices.map((choice) => row(choice.label, choice.id === selected, () => choose(choice.id))),
      );
      replacing = false;
      if (focused)
        rows()
          .find((each) => each.ariaChecked === 'true')
          ?.focus();
    },
  };
  function choose(id: number | undefined): void {
    menu.onSelect(id);
    open(false);
    button.focus();
  }
  return menu;
}

function row(label: string, checked: boolean, onClick: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('role', 'menuitemradio');
  button.ariaChecked = String(checked);
  button.tabIndex = -1;
  button.textContent = label;
  button.addEventListener('click', onClick);
  return button;
}
