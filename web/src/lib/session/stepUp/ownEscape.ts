/** Mantine's other dialogs leave an Escape alone that was pressed in an element with this. */
export const OWN_ESCAPE = { 'data-mantine-stop-propagation': 'true' };
