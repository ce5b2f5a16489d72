/* The tab one is on is in sight, also where the row of tabs is wider than the phone. */
for (const current of document.querySelectorAll(".tabs [aria-current], .switch label:has(:checked)")) {
  const row = current.parentElement;
  row.scrollLeft = current.offsetLeft - row.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
}
