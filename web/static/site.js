// Buttons that open the chat. Without it they are links to the chat's own page.
for (const link of document.querySelectorAll("[data-open-guide]")) {
  link.addEventListener("click", (event) => {
    const guide = document.querySelector("pulje-guide");
    if (!guide.open) return; // the chat could not be loaded: the link leads to its page
    event.preventDefault();
    guide.open();
  });
}
