// Before anything is drawn: the theme that was chosen on this machine. Without one the system's counts.
(() => {
  const read = () => {
    try {
      return localStorage.getItem('theme');
    } catch {
      return null; // storage is switched off
    }
  };
  const chosen = read();
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
})();
