/** Shown in place of a message while none is open. */
export function NoMessage() {
  return (
    <div className="message-blank">
      <p>Pick a mail to read it.</p>
      <p>
        <kbd>J</kbd> <kbd>K</kbd> move, <kbd>Enter</kbd> opens, <kbd>?</kbd> lists all keys
      </p>
    </div>
  );
}
