// Sets the remembered colour scheme before the first paint, so that the page does not flash.
(function () {
  var stored = null;
  try {
    stored = localStorage.getItem('mantine-color-scheme-value');
  } catch {
    // Storage can be forbidden; the system's scheme is used then.
  }
  var dark =
    stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches) ? 'dark' : 'light';
  document.documentElement.setAttribute('data-mantine-color-scheme', dark);
  document.documentElement.style.backgroundColor = dark === 'dark' ? '#131417' : '#f6f5f1';
})();
