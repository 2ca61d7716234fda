// Runs before the first paint: a theme that the user chose must not flash up after the system's.
// The console keeps the choice (app/src/shell/theme.rs).
try {
  const theme = localStorage.getItem("drawbridge.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's theme is then right.
}
