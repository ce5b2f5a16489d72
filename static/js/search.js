/* Ctrl K (⌘K) and "/" go to the search box. */
const box = document.querySelector("[data-hotkey]");

const hint = box?.parentElement.querySelector("kbd");
if (hint && /Mac|iPhone|iPad/.test(navigator.platform)) hint.textContent = "⌘ K";

document.addEventListener("keydown", (event) => {
  if (!box || event.altKey) return;
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  const isHotkey = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === box.dataset.hotkey;
  if (!isHotkey && (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  box.focus();
  box.select();
});
