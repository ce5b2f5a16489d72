/* Light, dark or as the device; kept in a cookie so that the server writes it into <html> and nothing flashes. */
const root = document.documentElement;
const choices = document.querySelectorAll("[data-theme-choice]");
const YEAR = 365 * 24 * 60 * 60;

function mark() {
  const current = root.dataset.theme ?? "system";
  for (const choice of choices) choice.setAttribute("aria-pressed", String(choice.dataset.themeChoice === current));
}

for (const choice of choices) {
  choice.addEventListener("click", () => {
    const theme = choice.dataset.themeChoice;
    root.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
    mark();
  });
}
for (const group of document.querySelectorAll("[data-themes]")) group.hidden = false;
mark();
